// Every load: ask the API, then dispatch what it answered. An answer that arrives after someone else has begun
// to act is dropped, since it was given to another user.

import { batch, effect, signal, untracked } from '@preact/signals';
import { linkedMessage } from './addresses.js';
import * as api from './api.js';
import { firstAnswer, forgetFirstAnswers } from './early-answers.js';
import { lostMessage } from './gone.js';
import * as http from './http.js';
import { t } from './language.js';
import { isOutage, recoveries, watchOutage } from './outage.js';
import { route } from './router.js';
import { dispatch, state } from './store/store.js';

/** @import { Channel, Event, Message, Page, Session, ThreadReply } from './types.js' */

/** Counts changes of the acting user, so that views ask again and late answers are known as such. */
export const actorChanges = signal(0);

const usersAskedFor = new Set();
let usersArrived = Promise.resolve();

export const loadName = {
  workspace: 'workspace',
  actor: 'actor',
  messages: (/** @type {string} */ channelId) => `messages:${channelId}`,
  newer: (/** @type {string} */ id) => `newer:${id}`,
  older: (/** @type {string} */ id) => `older:${id}`,
  thread: (/** @type {string} */ messageId) => `thread:${messageId}`,
};

/** @param {string} name @param {(current: () => boolean) => Promise<void>} work */
export async function load(name, work) {
  if (state.peek().loads[name] === null) return;
  const startedAt = actorChanges.peek();
  const current = () => startedAt === actorChanges.peek();
  dispatch({ type: 'load.started', load: name });
  try {
    await work(current);
    if (current()) dispatch({ type: 'load.ended', load: name });
  } catch (error) {
    if (!(error instanceof http.ApiError)) throw error;
    const failure = { status: error.status, message: error.message, code: error.code };
    if (!current()) return;
    dispatch({ type: 'load.failed', load: name, failure });
    if (!isOutage(failure.status)) return;
    again.set(name, () => load(name, work));
    watchOutage();
  }
}

/** What failed by an outage, to be tried again after it. @type {Map<string, () => void>} */
const again = new Map();

effect(() => {
  if (recoveries.value > 0) untracked(loadWhatFailed);
});

function loadWhatFailed() {
  const tries = [...again];
  again.clear();
  for (const [name, tryAgain] of tries) {
    const failure = state.peek().loads[name];
    if (!failure || !isOutage(failure.status)) continue;
    // Nobody wants to be somebody else minutes after the click.
    if (name === loadName.actor) dispatch({ type: 'load.ended', load: name });
    else if (name === loadName.workspace) loadFirstView();
    else tryAgain();
  }
}

export function loadWorkspace() {
  return load(loadName.workspace, async (current) => {
    /**
     * @template T @param {string} what @param {() => Promise<T>} ask @param {(answer: T) => Event} eventOf
     * @param {Promise<void>} [before] what is to be known first
     */
    const asked = async (what, ask, eventOf, before) => {
      const [answer] = await Promise.all([complete(() => firstAnswer(what, ask)), before]);
      if (current()) dispatch(eventOf(answer));
    };
    const pauses = asked('pauses', api.getPauses, (found) => ({
      type: 'pauses',
      pauses: found,
      asOf: http.numberOf(found),
    }));
    const arrived = [
      pauses,
      asked('session', api.getSession, (session) => {
        http.requestAs(session.userId);
        return { type: 'session', session };
      }),
      asked('users', api.getUsers, (users) => ({ type: 'users', users, asOf: http.numberOf(users) })),
      // A conversation is drawn with its pause banner, which would shift it later.
      asked(
        'channels',
        api.getChannels,
        (channels) => ({ type: 'channels', channels, asOf: http.numberOf(channels) }),
        pauses,
      ),
      asked('unreads', api.getUnreads, (unreads) => ({
        type: 'unreads',
        unreads,
        asOf: http.numberOf(unreads),
      })),
      asked('sidebar', api.getSidebar, (found) => ({
        type: 'sidebar',
        mentions: found.mentions,
        preferences: found.preferences,
        threads: found.threads,
        ...(found.inbox && { inbox: found.inbox }),
        ...(found.follows && { follows: found.follows }),
        ...(found.layout && { layout: found.layout }),
        ...(found.notifications && { notifications: found.notifications }),
        asOf: http.numberOf(found),
      })),
    ];
    usersArrived = arrived[2] ?? usersArrived;
    await Promise.all(arrived);
    loadUnknownUsers(Object.values(state.value.channels ?? {}).flatMap((channel) => channel.memberIds));
  });
}

/** How far back the answers that are shown go: a stream that begins there misses nothing. */
let oldest = Number.POSITIVE_INFINITY;

export function oldestAnswer() {
  return Number.isFinite(oldest) ? oldest : null;
}

/** Everything that is shown is to be asked for anew. */
export function forgetAnswers() {
  oldest = Number.POSITIVE_INFINITY;
  forgetFirstAnswers();
}

/**
 * An answer from before the events that are kept is asked for again: nothing would lead from it to now.
 * @template T
 * @param {() => Promise<T>} ask
 * @returns {Promise<T>}
 */
async function complete(ask) {
  const answer = await ask();
  const number = http.numberOf(/** @type {object} */ (answer));
  if (number === undefined) return answer;
  if (number < (state.peek().kept?.after ?? 0)) {
    await new Promise((done) => setTimeout(done, 100));
    return complete(ask);
  }
  oldest = Math.min(oldest, number);
  return answer;
}

/** @type {Map<string, Promise<void>>} */
const begun = new Map();

/** All that the first view shows, begun before there is a view to ask for it. What fails waits to be asked for again. */
export async function loadFirstView() {
  begun.clear();
  const here = route.peek();
  const workspace = loadWorkspace();
  if (here.view !== 'channel') return workspace;
  const messages = loadMessages(here.channelId, linkedMessage(here));
  begun.set(here.channelId, messages);
  await Promise.all([workspace, messages]);
}

/**
 * The newest messages of a channel, or those around one of them; the newest as well where that one is not there.
 * @param {string} channelId @param {string | null} [around] @returns {Promise<void>}
 */
export function loadMessages(channelId, around = null) {
  const first = begun.get(channelId);
  begun.clear();
  if (first) return first;
  return load(loadName.messages(channelId), async (current) => {
    /** @param {string | null} messageId */
    const ask = (messageId) =>
      complete(() =>
        firstAnswer(`messages:${channelId}:${messageId}`, () =>
          api.getMessages(channelId, messageId === null ? undefined : { around: messageId }),
        ),
      );
    let lost = false;
    const page = await ask(around).catch((error) => {
      lost = around !== null && error instanceof http.ApiError && error.status === 404;
      if (!lost) throw error;
      return ask(null);
    });
    if (!current()) return;
    lostMessage.value = lost ? around : null;
    const type = around === null || lost ? 'messages' : 'messages.around';
    dispatch({ type, channelId, page, asOf: http.numberOf(page) });
    loadUnknownUsers(usersIn(page));
  });
}

/** A channel that is not shown, as it is now. @param {string} channelId */
export function loadRecent(channelId) {
  return load(loadName.messages(channelId), async (current) => {
    const page = await complete(() => api.getMessages(channelId));
    if (!current()) return;
    dispatch({ type: 'messages', channelId, page, asOf: http.numberOf(page) });
    loadUnknownUsers(usersIn(page));
  });
}

/** @param {string} channelId */
export function loadOlderMessages(channelId) {
  return load(loadName.older(channelId), async (current) => {
    const first = state.value.messages[channelId]?.items[0];
    if (!first) return;
    const page = await complete(() => api.getMessages(channelId, { before: first.id }));
    if (!current()) return;
    dispatch({ type: 'messages.older', channelId, page, asOf: http.numberOf(page) });
    loadUnknownUsers(usersIn(page));
  });
}

/** Towards the present, from a page that a link opened somewhere in the past. @param {string} channelId */
export function loadNewerMessages(channelId) {
  return load(loadName.newer(channelId), async (current) => {
    const last = state.value.messages[channelId]?.items.at(-1);
    if (!last) return;
    const page = await complete(() => api.getMessages(channelId, { after: last.id }));
    if (!current()) return;
    dispatch({ type: 'messages.newer', channelId, page, asOf: http.numberOf(page) });
    loadUnknownUsers(usersIn(page));
  });
}

/** @param {string} channelId @param {string} messageId */
export function loadThread(channelId, messageId) {
  return load(loadName.thread(messageId), async (current) => {
    const [root, page] = await Promise.all([
      complete(() => firstAnswer(`root:${messageId}`, () => api.getMessage(messageId))),
      complete(() => firstAnswer(`replies:${messageId}`, () => api.getReplies(messageId))),
    ]);
    if (root.channelId !== channelId)
      throw new http.ApiError(404, t('The thread belongs to another channel'));
    if (!current()) return;
    const asOf = Math.min(http.numberOf(root) ?? 0, http.numberOf(page) ?? 0);
    dispatch({ type: 'thread', root, page, asOf });
    loadUnknownUsers([root.userId, ...usersIn(page)]);
  });
}

/** @param {string} messageId */
export function loadOlderReplies(messageId) {
  return load(loadName.older(messageId), async (current) => {
    const first = state.value.threads[messageId]?.replies.items[0];
    if (!first) return;
    const page = await complete(() => api.getReplies(messageId, { before: first.id }));
    if (!current()) return;
    dispatch({ type: 'thread.older', messageId, page, asOf: http.numberOf(page) });
    loadUnknownUsers(usersIn(page));
  });
}

/** With these, unread counts can be kept; nothing else that is shown waits for them. */
export async function loadCursors() {
  const startedAt = actorChanges.peek();
  const cursors = await complete(api.getCursors);
  if (startedAt !== actorChanges.peek()) return;
  dispatch({ type: 'cursors', cursors, asOf: http.numberOf(cursors) });
}

/** Which messages are marked as saved, and of what somebody is to be reminded. */
export async function loadSaved() {
  const startedAt = actorChanges.peek();
  const marks = await complete(api.getSavedMarks);
  if (startedAt !== actorChanges.peek()) return;
  dispatch({ type: 'saved', marks, asOf: http.numberOf(marks) });
}

/** What a message can mention as one. */
export async function loadUserGroups() {
  const startedAt = actorChanges.peek();
  const groups = await complete(api.getUserGroups);
  if (startedAt !== actorChanges.peek()) return;
  dispatch({ type: 'userGroups', groups, asOf: http.numberOf(groups) });
}

/** What the current user sends later. */
export async function loadScheduled() {
  const startedAt = actorChanges.peek();
  const posts = await complete(api.getScheduledPosts);
  if (startedAt !== actorChanges.peek()) return;
  dispatch({ type: 'scheduled', posts, asOf: http.numberOf(posts) });
}

/** What is shown is too old for events to bring it up to date: everything is asked for again. */
export async function loadAgain() {
  forgetAnswers();
  begun.clear();
  batch(() => {
    dispatch({ type: 'stream.reset' });
    actorChanges.value += 1;
  });
  await loadWorkspace();
}

/** Where somebody begins who asked for no channel. @param {Channel[]} channels @param {Session | null} session @returns {Channel | undefined} */
export function homeOf(channels, session) {
  return channels.find(({ id }) => id === session?.homeId) ?? channels[0];
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
