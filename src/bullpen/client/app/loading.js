// Every load: ask the API, then dispatch what it answered. An answer that arrives after someone else has begun
// to act is dropped, since it was given to another user.
import { batch, signal } from '@preact/signals';
import * as api from './api.js';
import { firstAnswer, forgetFirstAnswers } from './first.js';
import { go, route } from './router.js';
import { dispatch, state } from './store.js';

/** @import { Channel, Message, Page, ThreadReply } from './types.js' */

/** Counts changes of the acting user, so that views ask again and late answers are known as such. */
export const actorChanges = signal(0);

const usersAskedFor = new Set();
let usersArrived = Promise.resolve();

export const loadName = {
  workspace: 'workspace',
  actor: 'actor',
  messages: (/** @type {string} */ channelId) => `messages:${channelId}`,
  older: (/** @type {string} */ id) => `older:${id}`,
  thread: (/** @type {string} */ messageId) => `thread:${messageId}`,
};

/** @param {string} name @param {(current: () => boolean) => Promise<void>} work */
async function load(name, work) {
  if (state.peek().loads[name] === null) return;
  const startedAt = actorChanges.peek();
  const current = () => startedAt === actorChanges.peek();
  dispatch({ type: 'load.started', load: name });
  try {
    await work(current);
    if (current()) dispatch({ type: 'load.ended', load: name });
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    const failure = { status: error.status, message: error.message };
    if (current()) dispatch({ type: 'load.failed', load: name, failure });
  }
}

export function loadWorkspace() {
  return load(loadName.workspace, async (current) => {
    const asked = [
      firstAnswer('session', api.getSession).then((session) => ({
        type: /** @type {const} */ ('session'),
        session,
      })),
      firstAnswer('users', api.getUsers).then((users) => ({ type: /** @type {const} */ ('users'), users })),
      firstAnswer('channels', api.getChannels).then((channels) => ({
        type: /** @type {const} */ ('channels'),
        channels,
      })),
      firstAnswer('unreads', api.getUnreads).then((unreads) => ({
        type: /** @type {const} */ ('unreads'),
        unreads,
      })),
    ];
    const dispatched = asked.map((answer) => answer.then((event) => void (current() && dispatch(event))));
    usersArrived = dispatched[1] ?? usersArrived;
    await Promise.all(dispatched);
    loadUnknownUsers(Object.values(state.value.channels ?? {}).flatMap((channel) => channel.memberIds));
  });
}

/** @type {Map<string, Promise<void>>} */
const begun = new Map();

/** All that the first view shows, begun before there is a view to ask for it. What fails waits to be asked for again. */
export async function loadFirstView() {
  begun.clear();
  const here = route.peek();
  const workspace = loadWorkspace();
  if (here.view !== 'channel') return workspace;
  const messages = loadMessages(here.channelId);
  begun.set(here.channelId, messages);
  await Promise.all([workspace, messages]);
}

/** @param {string} channelId @returns {Promise<void>} */
export function loadMessages(channelId) {
  const first = begun.get(channelId);
  begun.clear();
  if (first) return first;
  return load(loadName.messages(channelId), async (current) => {
    const page = await firstAnswer(`messages:${channelId}`, () => api.getMessages(channelId));
    if (!current()) return;
    dispatch({ type: 'messages', channelId, page });
    loadUnknownUsers(usersIn(page));
  });
}

/** @param {string} channelId */
export function loadOlderMessages(channelId) {
  return load(loadName.older(channelId), async (current) => {
    const first = state.value.messages[channelId]?.items[0];
    if (!first) return;
    const page = await api.getMessages(channelId, first.id);
    if (!current()) return;
    dispatch({ type: 'messages.older', channelId, page });
    loadUnknownUsers(usersIn(page));
  });
}

/** @param {string} channelId @param {string} messageId */
export function loadThread(channelId, messageId) {
  return load(loadName.thread(messageId), async (current) => {
    const [root, page] = await Promise.all([
      firstAnswer(`root:${messageId}`, () => api.getMessage(messageId)),
      firstAnswer(`replies:${messageId}`, () => api.getReplies(messageId)),
    ]);
    if (root.channelId !== channelId) throw new api.ApiError(404, 'The thread belongs to another channel');
    if (!current()) return;
    dispatch({ type: 'thread', root, page });
    loadUnknownUsers([root.userId, ...usersIn(page)]);
  });
}

/** @param {string} messageId */
export function loadOlderReplies(messageId) {
  return load(loadName.older(messageId), async (current) => {
    const first = state.value.threads[messageId]?.replies.items[0];
    if (!first) return;
    const page = await api.getReplies(messageId, first.id);
    if (!current()) return;
    dispatch({ type: 'thread.older', messageId, page });
    loadUnknownUsers(usersIn(page));
  });
}

/** @param {string} userId */
export async function actAs(userId) {
  if (userId === state.value.session?.userId) return;
  await load(loadName.actor, async () => {
    await api.putSession(userId);
    batch(() => {
      actorChanges.value += 1;
      forgetFirstAnswers();
      dispatch({ type: 'actor.changed', userId });
      go('/c/general');
    });
    loadWorkspace();
  });
}

/** @param {Page<Message> | Page<ThreadReply>} page */
function usersIn(page) {
  return page.items.flatMap((message) => [
    message.userId,
    ...message.reactions.flatMap((reaction) => reaction.userIds),
    ...(('threadParticipantIds' in message && message.threadParticipantIds) || []),
  ]);
}

/** Agents made inactive still have their name on what they wrote. @param {string[]} ids */
export async function loadUnknownUsers(ids) {
  await usersArrived.catch(() => {});
  for (const id of new Set(ids)) {
    if (state.value.users[id] || usersAskedFor.has(id)) continue;
    usersAskedFor.add(id);
    api.getUser(id).then(
      (user) => dispatch({ type: 'user', user }),
      () => {},
    );
  }
}
