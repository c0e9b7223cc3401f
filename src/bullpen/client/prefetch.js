// Asks for everything the first view needs as soon as this small module is here, before the rest of the client is.
import { linkedMessage, parse } from './core/addresses.js';
import * as api from './core/api.js';
import { expect } from './core/early-answers.js';
import { get, isPinned, onSignInNeeded } from './core/http.js';
import { isTeam } from './core/mode.js';
import { closePageAnswers, openPageAnswers } from './core/page-answers.js';
import { leaveToSignIn } from './core/signed-out.js';
import { pages } from './routes.js';

onSignInNeeded(leaveToSignIn);
// A window that acts as somebody else than the session was drawn for the wrong member.
if (isTeam || !isPinned()) openPageAnswers(document.getElementById('first-answers')?.textContent ?? null);
else document.getElementById('app')?.replaceChildren();
const route = parse(location.pathname, pages);

const session = api.getSession();
expect('session', session);
expect('users', api.getUsers());
expect('channels', api.getChannels());
expect('unreads', api.getUnreads());
expect('sidebar', api.getSidebar());
expect('pauses', api.getPauses());
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
if (route.view === 'page')
  for (const [what, path] of Object.entries(pages[route.page]?.prefetch?.(route.params) ?? {}))
    expect(what, get(path));
if (route.view === 'channel' && route.threadId !== null) {
  expect(`root:${route.threadId}`, api.getMessage(route.threadId));
  expect(`replies:${route.threadId}`, api.getReplies(route.threadId));
}
// What has been asked for by now took its answer.
session.then(closePageAnswers, closePageAnswers);
