// Rules for counting what is unread, for messages and mentions alike.
import { own } from '../bare.js';
import { isAfter } from './message-order.js';

/** @import { LogEvent, State } from '../types.js' */

/**
 * Whether a message of the channel itself, not of a thread, is unread for the current user.
 * @param {State} state @param {string} channelId @param {{ id: string, userId: string, timestamp: string }} message
 */
export function isUnread(state, channelId, message) {
  const me = state.session?.userId ?? '';
  const cursor = own(state.cursors, channelId);
  const member = own(state.channels, channelId)?.memberIds.includes(me);
  if (message.userId === me || (!cursor && !member)) return false;
  return !cursor || isAfter(message, { id: cursor.messageId, timestamp: cursor.timestamp });
}

/**
 * The message that came or is gone.
 * @param {Omit<Extract<LogEvent, { type: 'message.created' | 'message.restored' }>, 'channelId' | 'root'> | Omit<Extract<LogEvent, { type: 'message.deleted' }>, 'channelId' | 'root'>} event
 */
export function messageOf(event) {
  if (event.type !== 'message.deleted') return event.message;
  return { id: event.messageId, userId: event.userId, timestamp: event.timestamp };
}

/**
 * Whether the list of the channel shows it: it is unread there, and not in a thread.
 * @param {Omit<Extract<LogEvent, { type: 'message.created' | 'message.restored' }>, 'channelId' | 'root'> | Omit<Extract<LogEvent, { type: 'message.deleted' }>, 'channelId' | 'root'>} event
 */
export function isInChannel(event) {
  if (event.parentMessageId === null) return true;
  return event.type === 'message.deleted'
    ? event.alsoInChannel === true
    : event.message.repliedTo !== undefined;
}

/** @param {Record<string, number>} counts @param {string} channelId @param {number} count */
export function withCount(counts, channelId, count) {
  const { [channelId]: _before, ...others } = counts;
  return count > 0 ? { ...others, [channelId]: count } : others;
}

/** Unread mentions after an event that no count takes account of yet. @param {State} state @param {LogEvent} event @returns {State['mentions']} */
export function mentionsAfter(state, event) {
  const { mentions } = state;
  const me = state.session?.userId ?? '';
  switch (event.type) {
    case 'message.created':
    case 'message.restored':
    case 'message.deleted': {
      if (!isInChannel(event) || !event.mentions?.includes(me)) return mentions;
      if (!isUnread(state, event.channelId, messageOf(event))) return mentions;
      const more = event.type === 'message.deleted' ? -1 : 1;
      return withCount(mentions, event.channelId, (own(mentions, event.channelId) ?? 0) + more);
    }
    case 'cursor.moved':
      return withCount(mentions, event.channelId, event.mentionCount ?? 0);
    case 'channel.deleted':
      return withCount(mentions, event.channel.id, 0);
    case 'member.removed':
      return event.userId === me ? withCount(mentions, event.channelId, 0) : mentions;
    default:
      return mentions;
  }
}
