// Unread mentions, and unread replies in threads that the current user began, replied in or is mentioned in. Like the counts of channels they cannot tell
// whether an event was applied before, so they go by the number of the newest event that they take account of.
import { own } from '../bare.js';
import { isAfter } from './message-order.js';
import { isInChannel, mentionsAfter, messageOf } from './unread-counts.js';

/** @import { LogEvent, State } from '../types.js' */

/** @param {State} state @param {LogEvent} event @returns {State} */
export function countingThreads(state, event) {
  if (state.threadsCounted === null || event.id <= state.threadsCounted) return state;
  const next = { ...state, follows: followsAfter(state, event) };
  return {
    ...next,
    mentions: mentionsAfter(next, event),
    unreadThreads: counted(next, event),
    threadsCounted: event.id,
  };
}

/** What the current user has chosen for threads, after an event. @param {State} state @param {LogEvent} event @returns {State['follows']} */
function followsAfter({ follows, session }, event) {
  const me = session?.userId ?? '';
  switch (event.type) {
    case 'thread.followed': {
      const { rootId, channelId, isFollowed } = event;
      return { ...follows, [rootId]: { channelId, isFollowed } };
    }
    // Who chose not to follow a thread does again with a reply, or a mention in one.
    case 'message.created': {
      const isNamed = !isInChannel(event) && event.mentions?.includes(me) === true;
      const takesPart = event.message.userId === me || isNamed;
      const chosen = own(follows, event.parentMessageId ?? '');
      return takesPart && chosen?.isFollowed === false
        ? without(follows, event.parentMessageId ?? '')
        : follows;
    }
    case 'message.deleted':
      return without(follows, event.messageId);
    case 'channel.deleted':
      return withoutChannel(follows, event.channel.id);
    case 'member.removed':
      return event.userId === me ? withoutChannel(follows, event.channelId) : follows;
    default:
      return follows;
  }
}

/** @param {State} state @param {LogEvent} event @returns {State['unreadThreads']} */
function counted(state, event) {
  const { unreadThreads } = state;
  switch (event.type) {
    case 'message.created':
    case 'message.deleted':
      if (isNotice(event)) return unreadThreads;
      return event.root ? replyCounted(state, event) : without(unreadThreads, deletedRoot(event));
    case 'thread.read': {
      const { rootId, channelId, unreadCount, cursor } = event;
      const others = without(unreadThreads, rootId);
      return unreadCount > 0 ? { ...others, [rootId]: { channelId, unreadCount, cursor } } : others;
    }
    case 'thread.followed': {
      const others = without(unreadThreads, event.rootId);
      return event.unread ? { ...others, [event.rootId]: event.unread } : others;
    }
    case 'channel.deleted':
      return withoutChannel(unreadThreads, event.channel.id);
    case 'member.removed':
      return event.userId === state.session?.userId
        ? withoutChannel(unreadThreads, event.channelId)
        : unreadThreads;
    default:
      return unreadThreads;
  }
}

/**
 * Whether a user follows a thread, as far as its root says: by choice, or because they take part in it.
 * @param {State['follows']} chosen @param {import('../types.js').RootOfThread} root @param {string} userId
 */
export function follows(chosen, root, userId) {
  const choice = own(chosen, root.id);
  if (choice) return choice.isFollowed;
  const { threadParticipantIds = [], mentionedIds = [] } = root;
  return root.userId === userId || threadParticipantIds.includes(userId) || mentionedIds.includes(userId);
}

/** Whether it is about a line that only says why an agent does not answer. @param {Extract<LogEvent, { type: 'message.created' | 'message.deleted' }>} event */
function isNotice(event) {
  return event.type === 'message.created' ? event.message.notice !== undefined : event.isNotice === true;
}

/** @param {Extract<LogEvent, { type: 'message.created' | 'message.deleted' }>} event */
function deletedRoot(event) {
  return event.type === 'message.deleted' ? event.messageId : '';
}

/**
 * @param {State} state
 * @param {Extract<LogEvent, { type: 'message.created' | 'message.deleted' }>} event with its root
 */
function replyCounted({ unreadThreads, follows: chosen, session, channels }, { channelId, root, ...event }) {
  const me = session?.userId ?? '';
  const reply = messageOf(event);
  const more = event.type === 'message.created' ? 1 : -1;
  const rootId = root?.id ?? '';
  const isFollowed = root !== undefined && follows(chosen, root, me);
  const known = unreadThreads[rootId];
  // Who replies has read what was there before.
  if (!isFollowed || !channels?.[channelId]?.memberIds.includes(me) || (reply.userId === me && more > 0))
    return without(unreadThreads, rootId);
  if (reply.userId === me || (more < 0 && !known) || isInChannel(event)) return unreadThreads;
  const cursor = known?.cursor ?? { timestamp: reply.timestamp, messageId: '' };
  if (!isAfter(reply, { id: cursor.messageId, timestamp: cursor.timestamp })) return unreadThreads;
  const unreadCount = (known?.unreadCount ?? 0) + more;
  const others = without(unreadThreads, rootId);
  return unreadCount > 0 ? { ...others, [rootId]: { channelId, unreadCount, cursor } } : others;
}

/** @template T @param {Record<string, T>} threads @param {string} rootId */
function without(threads, rootId) {
  if (!(rootId in threads)) return threads;
  const { [rootId]: _gone, ...others } = threads;
  return others;
}

/** @template {{ channelId: string }} T @param {Record<string, T>} threads @param {string} channelId @returns {Record<string, T>} */
function withoutChannel(threads, channelId) {
  const kept = Object.entries(threads).filter(([, thread]) => thread.channelId !== channelId);
  return Object.fromEntries(kept);
}
