// What the client knows, as one immutable value, and the one function that makes the next value from an event.

/** @import { Event, Page, State, ThreadReply } from './types.js' */

/** @type {State} */
export const nothing = {
  session: null,
  users: {},
  memberIds: [],
  channels: null,
  unreads: {},
  messages: {},
  threads: {},
  loads: {},
};

/** @param {State} state @param {Event} event @returns {State} */
export function apply(state, event) {
  switch (event.type) {
    case 'session':
      return { ...state, session: event.session };
    case 'users':
      return {
        ...state,
        users: { ...state.users, ...byId(event.users) },
        memberIds: event.users.map((user) => user.id),
      };
    case 'user':
      return { ...state, users: { ...state.users, [event.user.id]: event.user } };
    case 'channels':
      return { ...state, channels: byId(event.channels) };
    case 'unreads':
      return { ...state, unreads: event.unreads };
    case 'messages':
      return withMessages(state, event.channelId, renewed(state.messages[event.channelId], event.page));
    case 'messages.older':
      return withMessages(state, event.channelId, extended(state.messages[event.channelId], event.page));
    case 'thread': {
      const replies = renewed(state.threads[event.root.id]?.replies, event.page);
      return { ...state, threads: { ...state.threads, [event.root.id]: { root: event.root, replies } } };
    }
    case 'thread.older': {
      const thread = state.threads[event.messageId];
      if (!thread) return state;
      const replies = extended(thread.replies, event.page);
      return { ...state, threads: { ...state.threads, [event.messageId]: { ...thread, replies } } };
    }
    case 'load.started':
      return { ...state, loads: { ...state.loads, [event.load]: null } };
    case 'load.ended': {
      const { [event.load]: _ended, ...loads } = state.loads;
      return { ...state, loads };
    }
    case 'load.failed':
      return { ...state, loads: { ...state.loads, [event.load]: event.failure } };
    case 'actor.changed':
      return actingAs(state, event.userId);
  }
}

/** Everything that depended on who was acting is forgotten: the next user may not be allowed to see it. */
function actingAs(/** @type {State} */ state, /** @type {string} */ userId) {
  return {
    ...nothing,
    users: state.users,
    memberIds: state.memberIds,
    session: state.session && { ...state.session, userId },
  };
}

/** @template {{ id: string }} T @param {T[]} items @returns {Record<string, T>} */
function byId(items) {
  return Object.fromEntries(items.map((item) => [item.id, item]));
}

/** @param {State} state @param {string} channelId @param {State['messages'][string]} page */
function withMessages(state, channelId, page) {
  return { ...state, messages: { ...state.messages, [channelId]: page } };
}

/**
 * The newest page takes the place of what was known, but older messages stay where the two overlap, so that
 * coming back to a channel does not lose the place one had scrolled to.
 * @template {{ id: string }} T
 * @param {Page<T> | undefined} known
 * @param {Page<T>} newest
 * @returns {Page<T>}
 */
function renewed(known, newest) {
  const first = newest.items[0];
  const overlap = known && first ? known.items.findIndex((item) => item.id === first.id) : -1;
  if (!known || overlap < 1) return newest;
  return { items: [...known.items.slice(0, overlap), ...newest.items], hasOlder: known.hasOlder };
}

/**
 * @template {{ id: string }} T
 * @param {Page<T> | undefined} known
 * @param {Page<T>} older
 * @returns {Page<T>}
 */
function extended(known, older) {
  if (!known) return older;
  const ids = new Set(known.items.map((item) => item.id));
  return {
    items: [...older.items.filter((item) => !ids.has(item.id)), ...known.items],
    hasOlder: older.hasOlder,
  };
}
