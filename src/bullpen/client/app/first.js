// Asks for everything the first view needs as soon as this small module is here, before the rest of the client is.
import { parse } from './addresses.js';
import * as api from './api.js';

const route = parse(location.pathname);
const channelId = route.view === 'channel' ? route.channelId : 'general';

/** @template T @param {Promise<T>} promise @returns {Promise<T>} */
function quietly(promise) {
  promise.catch(() => {}); // whoever takes the answer handles the failure; until then it is not unhandled
  return promise;
}

/** @type {Map<string, Promise<unknown>>} */
const answers = new Map(
  Object.entries({
    session: quietly(api.getSession()),
    users: quietly(api.getUsers()),
    channels: quietly(api.getChannels()),
    unreads: quietly(api.getUnreads()),
    [`messages:${channelId}`]: quietly(api.getMessages(channelId)),
  }),
);
if (route.view === 'channel' && route.threadId !== null) {
  answers.set(`root:${route.threadId}`, quietly(api.getMessage(route.threadId)));
  answers.set(`replies:${route.threadId}`, quietly(api.getReplies(route.threadId)));
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
