// Asks for everything the first view needs as soon as this small module is here, before the rest of the client is.
import { linkedMessage, parse } from './addresses.js';
import * as api from './api.js';

const route = parse(location.pathname);
/** @type {Map<string, Promise<unknown>>} */
const answers = new Map();

/** @param {string} what @param {Promise<unknown>} answer one that fails before anybody takes it is asked for anew */
export function expect(what, answer) {
  answers.set(what, answer);
  answer.catch(() => answers.delete(what));
}

const session = api.getSession();
expect('session', session);
expect('users', api.getUsers());
expect('channels', api.getChannels());
expect('unreads', api.getUnreads());
if (route.view === 'channel') {
  const { channelId } = route;
  const around = linkedMessage(route);
  expect(
    `messages:${channelId}:${around}`,
    api.getMessages(channelId, around === null ? undefined : { around }),
  );
}
if (route.view === 'home')
  session.then(
    ({ homeId }) => homeId && expect(`messages:${homeId}:null`, api.getMessages(homeId)),
    () => {},
  );
if (route.view === 'agent')
  expect(`agent:${route.agentId}`, api.get(`/api/agents/${encodeURIComponent(route.agentId)}`));
if (route.view === 'run')
  expect(`run:${route.runId}`, api.get(`/api/runs/${encodeURIComponent(route.runId)}`));
if (route.view === 'channel' && route.threadId !== null) {
  expect(`root:${route.threadId}`, api.getMessage(route.threadId));
  expect(`replies:${route.threadId}`, api.getReplies(route.threadId));
}

/**
 * The answer asked for at the start, once; later calls ask anew.
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} ask
 * @returns {Promise<T>}
 */
export function firstAnswer(what, ask) {
  const answer = /** @type {Promise<T> | undefined} */ (answers.get(what));
  answers.delete(what);
  return answer ?? ask();
}

/** What was answered to one user is not for the next. */
export function forgetFirstAnswers() {
  answers.clear();
}
