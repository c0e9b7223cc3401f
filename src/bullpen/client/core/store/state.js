// What the client knows, as one immutable value, and the one function that makes the next value from an event.
import { own } from '../bare.js';
import { renewed, withNewer, withOlder } from './message-pages.js';

/** @import { Event, Message, Page, State } from '../types.js' */

/** @type {State} */
export const nothing = {
  session: null,
  users: {},
  memberIds: [],
  userGroups: {},
  channels: null,
  unreads: {},
  counted: null,
  cursors: {},
  mentions: {},
  preferences: {},
  unreadThreads: {},
  follows: {},
  layout: { sections: [], isUnreadOnly: false },
  notifications: {
    pausedUntil: null,
    quietFrom: null,
    quietUntil: null,
    isSilent: false,
    keywords: [],
    digest: 'daily',
  },
  inbox: { mentions: 0, reactions: 0 },
  threadsCounted: null,
  saved: {},
  scheduled: null,
  messages: {},
  threads: {},
  typing: [],
  pauses: {},
  kept: null,
  loads: {},
};

/** Those of the stream, and of what one does oneself, are core/store/reducer.js's. @param {State} state @param {Event} event @returns {State} */
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
    case 'userGroups':
      return { ...state, userGroups: byId(event.groups) };
    case 'channels':
      return { ...state, channels: byId(event.channels) };
    case 'members': {
      const channel = own(state.channels, event.channelId);
      if (!channel) return state;
      const changed = { ...channel, memberIds: event.memberIds };
      return { ...state, channels: { ...state.channels, [channel.id]: changed } };
    }
    case 'unreads':
      return { ...state, unreads: event.unreads, counted: event.asOf ?? null };
    case 'cursors':
      return { ...state, cursors: event.cursors };
    case 'pauses':
      return { ...state, pauses: byId(event.pauses) };
    case 'sidebar':
      return {
        ...state,
        mentions: event.mentions,
        preferences: event.preferences,
        unreadThreads: event.threads,
        follows: event.follows ?? {},
        layout: event.layout ?? nothing.layout,
        notifications: event.notifications ?? nothing.notifications,
        inbox: event.inbox ?? nothing.inbox,
        threadsCounted: event.asOf ?? null,
      };
    case 'saved':
      return { ...state, saved: Object.fromEntries(event.marks.map((mark) => [mark.messageId, mark])) };
    case 'notifications':
      return { ...state, notifications: event.settings };
    case 'layout':
      return { ...state, layout: event.layout };
    case 'inbox':
      return { ...state, inbox: event.inbox };
    case 'scheduled':
      return { ...state, scheduled: byId(event.posts) };
    case 'messages':
      return withPage(state, event.channelId, renewed(own(state.messages, event.channelId), event.page));
    case 'messages.around':
      return withPage(state, event.channelId, event.page);
    case 'messages.older':
      return withPage(state, event.channelId, withOlder(own(state.messages, event.channelId), event.page));
    case 'messages.newer':
      return withPage(state, event.channelId, withNewer(own(state.messages, event.channelId), event.page));
    case 'thread': {
      const replies = renewed(own(state.threads, event.root.id)?.replies, event.page);
      return { ...state, threads: { ...state.threads, [event.root.id]: { root: event.root, replies } } };
    }
    case 'thread.older': {
      const thread = own(state.threads, event.messageId);
      if (!thread) return state;
      const replies = withOlder(thread.replies, event.page);
      return { ...state, threads: { ...state.threads, [event.messageId]: { ...thread, replies } } };
    }
    case 'seen':
      return { ...state, ...event.seen };
    case 'load.started':
      return { ...state, loads: { ...state.loads, [event.load]: null } };
    case 'load.ended': {
      const { [event.load]: _ended, ...loads } = state.loads;
      return { ...state, loads };
    }
    case 'load.failed':
      return { ...state, loads: { ...state.loads, [event.load]: event.failure } };
    case 'actor.changed':
      return actingAs(state, event.session);
    default:
      return state;
  }
}

/** Everything that depended on who was acting is forgotten: the next user may not be allowed to see it. */
function actingAs(/** @type {State} */ state, /** @type {import('../types.js').Session} */ session) {
  return {
    ...nothing,
    users: state.users,
    memberIds: state.memberIds,
    session,
  };
}

/** @template {{ id: string }} T @param {T[]} items @returns {Record<string, T>} */
function byId(items) {
  return Object.fromEntries(items.map((item) => [item.id, item]));
}

/** @param {State} state @param {string} channelId @param {Page<Message>} page @returns {State} */
function withPage(state, channelId, page) {
  return { ...state, messages: { ...state.messages, [channelId]: page } };
}
