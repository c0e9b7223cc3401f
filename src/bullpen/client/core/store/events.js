// What an event of the log changes in what the client knows. Applying one again changes nothing: what an event
// carries replaces what was known, and unread counts, which cannot be repeated, go by the number of the newest event
// that they take account of.

import { own } from '../bare.js';
import { t } from '../language.js';
import { byCodePoints, compareNames } from '../name-order.js';
import { extendedTo, repliedToOf, withThreadOf } from './message-order.js';
import { withRun } from './stopped-runs.js';
import { countingThreads } from './thread-counts.js';
import { isInChannel, isUnread, withCount } from './unread-counts.js';

/** @import { Channel, LogEvent, Message, Reaction, State, ThreadReply } from '../types.js' */

const mostKept = 4000;

/**
 * The event applied, and kept for pages that were asked for before it came and arrive after it.
 * @param {State} state @param {LogEvent} event @returns {State}
 */
export function withEvent(state, event) {
  if (!state.kept || event.id <= lastOf(state.kept)) return state;
  const { after, events } = state.kept;
  const kept =
    events.length < mostKept
      ? { after, events: [...events, event] }
      : { after: events[mostKept / 2]?.id ?? after, events: [...events.slice(mostKept / 2 + 1), event] };
  return { ...changed(state, event), kept };
}

/** @param {NonNullable<State['kept']>} kept */
export function lastOf({ after, events }) {
  return events.at(-1)?.id ?? after;
}

/** What came after an answer had been read, again. @param {State} state @param {number} asOf @returns {State} */
export function caughtUp(state, asOf) {
  const later = state.kept?.events.filter((event) => event.id > asOf) ?? [];
  return later.reduce(changed, state);
}

/** @param {State} state @param {LogEvent} event @returns {State} */
function changed(state, event) {
  const next = change(countingThreads(state, event), event);
  return next.counted !== null && event.id > next.counted ? { ...next, counted: event.id } : next;
}

/** @param {State} state @param {LogEvent} event @returns {State} */
function change(state, event) {
  switch (event.type) {
    case 'message.created':
      return messageCreated(state, event);
    case 'message.updated':
      return messageUpdated(state, event);
    case 'message.deleted':
      return messageDeleted(state, event);
    case 'message.restored':
      return messageRestored(state, event);
    case 'reaction.added':
    case 'reaction.removed':
      return withMessage(state, event, event.messageId, (message) => ({
        ...message,
        reactions: event.reactions,
      }));
    case 'channel.created':
    case 'channel.updated':
    case 'member.added':
      return event.channel.isArchived
        ? withoutPages(state, event.channel.id)
        : withChannel(state, event.channel);
    case 'channel.deleted':
      return withoutChannel(state, event.channel.id);
    case 'member.removed':
      return memberRemoved(state, event);
    case 'cursor.moved':
      return cursorMoved(state, event);
    case 'preferences.changed':
      return preferencesChanged(state, event);
    case 'saved.changed':
      return savedChanged(state, event);
    case 'scheduled.changed':
      return scheduledChanged(state, event);
    case 'sidebar.changed':
      return { ...state, layout: event.layout };
    case 'notifications.changed':
      return { ...state, notifications: event.settings };
    case 'user.changed':
      return userChanged(state, event);
    case 'user_group.changed':
      return { ...state, userGroups: { ...state.userGroups, [event.group.id]: event.group } };
    case 'user_group.deleted': {
      const { [event.groupId]: _deleted, ...userGroups } = state.userGroups;
      return { ...state, userGroups };
    }
    case 'workspace.changed':
      return { ...state, session: state.session && { ...state.session, workspace: event.workspace } };
    case 'run.created':
    case 'run.changed':
      return withRun(state, event.run);
    case 'pause.added':
      return { ...state, pauses: { ...state.pauses, [event.pause.id]: event.pause } };
    case 'pause.removed': {
      const { [event.pause.id]: _ended, ...pauses } = state.pauses;
      return { ...state, pauses };
    }
    case 'agent.typing':
      return { ...state, typing: [...withoutTyping(state, event.agentId, event), place(event)] };
    case 'agent.done':
      return { ...state, typing: withoutTyping(state, event.agentId, event) };
    default:
      return state;
  }
}

/** @param {{ agentId: string, channelId: string, parentMessageId: string | null }} event */
function place({ agentId, channelId, parentMessageId }) {
  return { agentId, channelId, parentMessageId };
}

/** @param {State} state @param {string} agentId @param {{ channelId: string, parentMessageId: string | null }} at */
export function withoutTyping({ typing }, agentId, at) {
  return typing.filter(
    (one) =>
      one.agentId !== agentId || one.channelId !== at.channelId || one.parentMessageId !== at.parentMessageId,
  );
}

/** @param {State} state @param {Extract<LogEvent, { type: 'message.created' }>} event @returns {State} */
function messageCreated(state, event) {
  const { message, channelId, parentMessageId, root } = event;
  const placed = withNewMessage(state, { message, channelId, parentMessageId });
  const next = root ? withRoot(placed, channelId, root) : placed;
  const typing = withoutTyping(state, message.userId, event);
  const unread = countsFor(state, event, message) ? 1 : 0;
  return { ...next, typing, unreads: counting(state, channelId, unread) };
}

/**
 * @param {State} state
 * @param {{ message: Message | ThreadReply, channelId: string, parentMessageId: string | null }} sent
 * @returns {State}
 */
export function withNewMessage(state, { message, channelId, parentMessageId }) {
  if (parentMessageId === null) {
    const page = own(state.messages, channelId);
    if (!page) return state;
    const next = extendedTo(page, /** @type {Message} */ (message));
    return { ...state, messages: { ...state.messages, [channelId]: next } };
  }
  const next = message.repliedTo ? withReplyInList(state, channelId, message) : state;
  const thread = own(next.threads, parentMessageId);
  if (!thread) return next;
  const replies = extendedTo(thread.replies, /** @type {ThreadReply} */ (message));
  return { ...next, threads: { ...next.threads, [parentMessageId]: { ...thread, replies } } };
}

/** A reply that is also in its channel's list. @param {State} state @param {string} channelId @param {Message | ThreadReply} reply @returns {State} */
function withReplyInList(state, channelId, reply) {
  const page = own(state.messages, channelId);
  if (!page) return state;
  const next = extendedTo(page, asListed(reply, channelId));
  return { ...state, messages: { ...state.messages, [channelId]: next } };
}

/** A reply, as the list of its channel has it. @param {Message | ThreadReply} reply @param {string} channelId @returns {Message} */
function asListed(reply, channelId) {
  return { ...reply, channelId, threadReplyCount: 0 };
}

/** @param {State} state @param {Extract<LogEvent, { type: 'message.updated' }>} event @returns {State} */
function messageUpdated(state, event) {
  const { message, channelId } = event;
  const next = withMessage(state, event, message.id, () => message);
  if (event.parentMessageId !== null) return next;
  // What replies in the channel's list show of it.
  const repliedTo = repliedToOf(message);
  /** @template {Message | ThreadReply} T @param {T} reply @returns {T} */
  const showing = (reply) =>
    reply.repliedTo && reply.parentMessageId === message.id ? { ...reply, repliedTo } : reply;
  const page = own(next.messages, channelId);
  const thread = own(next.threads, message.id);
  return {
    ...next,
    messages: page
      ? { ...next.messages, [channelId]: { ...page, items: page.items.map(showing) } }
      : next.messages,
    threads: thread
      ? {
          ...next.threads,
          [message.id]: {
            ...thread,
            replies: { ...thread.replies, items: thread.replies.items.map(showing) },
          },
        }
      : next.threads,
  };
}

/** Its thread is to be loaded again, where it is open. @param {State} state @param {Extract<LogEvent, { type: 'message.restored' }>} event @returns {State} */
function messageRestored(state, event) {
  const { message, channelId, parentMessageId, root } = event;
  const placed = withNewMessage(state, { message, channelId, parentMessageId });
  const next = root ? withRoot(placed, channelId, root) : placed;
  const { [`thread:${message.id}`]: _failure, ...loads } = next.loads;
  const unread = countsFor(state, event, message) ? 1 : 0;
  return { ...next, loads, unreads: counting(state, channelId, unread) };
}

/** @param {State} state @param {Extract<LogEvent, { type: 'message.deleted' }>} event @returns {State} */
function messageDeleted(state, event) {
  const { channelId, messageId, userId, timestamp, root, isNotice } = event;
  const gone = withoutMessage(state, event, messageId);
  const next = root ? withRoot(gone, channelId, root) : gone;
  const unread = !isNotice && countsFor(state, event, { id: messageId, userId, timestamp }) ? -1 : 0;
  return { ...next, unreads: counting(state, channelId, unread) };
}

/**
 * @param {State} state
 * @param {{ channelId: string, parentMessageId: string | null }} at
 * @param {string} messageId
 * @returns {State}
 */
export function withoutMessage(state, { channelId, parentMessageId }, messageId) {
  const listed = withoutListed(state, channelId, messageId);
  if (parentMessageId === null)
    return own(listed.threads, messageId) ? withoutThread(listed, messageId) : listed;
  const thread = own(listed.threads, parentMessageId);
  if (!thread) return listed;
  const items = thread.replies.items.filter((known) => known.id !== messageId);
  const replies = { ...thread.replies, items };
  return { ...listed, threads: { ...listed.threads, [parentMessageId]: { ...thread, replies } } };
}

/** A message goes with the replies to it. @param {State} state @param {string} channelId @param {string} messageId @returns {State} */
function withoutListed(state, channelId, messageId) {
  const page = own(state.messages, channelId);
  const items = page?.items.filter((one) => one.id !== messageId && one.parentMessageId !== messageId);
  if (!page || items?.length === page.items.length) return state;
  return { ...state, messages: { ...state.messages, [channelId]: { ...page, items: items ?? [] } } };
}

/** A thread that is open meanwhile says that it is not there any more. @param {State} state @param {string} rootId */
function withoutThread(state, rootId) {
  const { [rootId]: _gone, ...threads } = state.threads;
  const failure = { status: 404, message: t('It was deleted.') };
  return { ...state, threads, loads: { ...state.loads, [`thread:${rootId}`]: failure } };
}

/**
 * @param {State} state
 * @param {{ channelId: string, parentMessageId: string | null }} at
 * @param {string} messageId
 * @param {(message: any) => any} change
 * @returns {State}
 */
export function withMessage(state, { channelId, parentMessageId }, messageId, change) {
  /** @template {{ id: string }} T @param {T[]} items @returns {T[]} */
  const among = (items) => items.map((known) => (known.id === messageId ? change(known) : known));
  const page = own(state.messages, channelId);
  if (parentMessageId !== null) {
    const listed = page?.items.findIndex((known) => known.id === messageId) ?? -1;
    const known = page?.items[listed];
    const next =
      page && known
        ? {
            ...state.messages,
            [channelId]: { ...page, items: page.items.with(listed, asListed(change(known), channelId)) },
          }
        : state.messages;
    const thread = own(state.threads, parentMessageId);
    if (!thread) return { ...state, messages: next };
    const replies = { ...thread.replies, items: among(thread.replies.items) };
    const threads = { ...state.threads, [parentMessageId]: { ...thread, replies } };
    return { ...state, messages: next, threads };
  }
  const thread = own(state.threads, messageId);
  return {
    ...state,
    messages: page
      ? { ...state.messages, [channelId]: { ...page, items: among(page.items) } }
      : state.messages,
    threads: thread
      ? { ...state.threads, [messageId]: { ...thread, root: change(thread.root) } }
      : state.threads,
  };
}

/** @param {State} state @param {string} channelId @param {import('../types.js').RootOfThread} root */
function withRoot(state, channelId, root) {
  return withMessage(state, { channelId, parentMessageId: null }, root.id, (message) =>
    withThreadOf(message, root),
  );
}

/**
 * Whether this message is one more, or one less, that the current user has not read.
 * @param {State} state
 * @param {Extract<LogEvent, { type: 'message.created' | 'message.deleted' | 'message.restored' }>} event
 * @param {{ id: string, userId: string, timestamp: string, notice?: unknown }} message one that only says why an agent does not answer counts for nobody
 */
function countsFor(state, event, message) {
  if (message.notice || state.counted === null || event.id <= state.counted || !isInChannel(event))
    return false;
  return isUnread(state, event.channelId, message);
}

/** @param {State} state @param {string} channelId @param {number} more */
function counting({ unreads }, channelId, more) {
  return more === 0 ? unreads : withCount(unreads, channelId, (own(unreads, channelId) ?? 0) + more);
}

/** @param {State} state @param {Extract<LogEvent, { type: 'cursor.moved' }>} event @returns {State} */
function cursorMoved(state, { id, channelId, cursor, unreadCount }) {
  const { [channelId]: _before, ...others } = state.cursors;
  const newer = state.counted !== null && id > state.counted;
  return {
    ...state,
    cursors: cursor ? { ...others, [channelId]: cursor } : others,
    unreads: newer ? withCount(state.unreads, channelId, unreadCount) : state.unreads,
  };
}

/** In the order of the API's answer. @param {Channel[]} channels @returns {Record<string, Channel>} */
export function inOrder(channels) {
  const sorted = channels.toSorted((a, b) => compareNames(a.name, b.name) || byCodePoints(a.id, b.id));
  return Object.fromEntries(sorted.map((channel) => [channel.id, channel]));
}

/** @param {State} state @param {Channel} channel @returns {State} */
function withChannel(state, channel) {
  if (!state.channels) return state;
  const known = own(state.channels, channel.id);
  const channels =
    known?.name === channel.name
      ? { ...state.channels, [channel.id]: channel }
      : inOrder([...Object.values(state.channels).filter((other) => other !== known), channel]);
  return { ...state, channels };
}

/** @param {State} state @param {Extract<LogEvent, { type: 'member.removed' }>} event @returns {State} */
function memberRemoved(state, { channelId, userId }) {
  const me = state.session?.userId;
  const channel = own(state.channels, channelId);
  if (!channel) return userId === me ? withoutChannel(state, channelId) : state;
  const memberIds = channel.memberIds.filter((id) => id !== userId);
  const next = withChannel(state, { ...channel, memberIds });
  if (userId !== me) return next;
  if (channel.kind !== 'public') return withoutChannel(next, channelId);
  const { [channelId]: _cursor, ...cursors } = next.cursors;
  const { [channelId]: _chosen, ...preferences } = next.preferences;
  return { ...next, cursors, preferences, unreads: withCount(next.unreads, channelId, 0) };
}

/** @param {State} state @param {string} channelId @returns {State} */
function withoutChannel(state, channelId) {
  const { [channelId]: _cursor, ...cursors } = state.cursors;
  const { [channelId]: _chosen, ...preferences } = state.preferences;
  const pauses = Object.fromEntries(
    Object.entries(state.pauses).filter(([, pause]) => pause.channelId !== channelId),
  );
  return {
    ...withoutPages(state, channelId),
    pauses,
    cursors,
    preferences,
    unreads: withCount(state.unreads, channelId, 0),
  };
}

/**
 * What an archived channel leaves: how far it is read stays, for when it is restored.
 * @param {State} state @param {string} channelId @returns {State}
 */
function withoutPages(state, channelId) {
  const { [channelId]: _channel, ...channels } = state.channels ?? {};
  const { [channelId]: _page, ...messages } = state.messages;
  const threads = Object.fromEntries(
    Object.entries(state.threads).filter(([, { root }]) => root.channelId !== channelId),
  );
  return {
    ...state,
    channels: state.channels && channels,
    messages,
    threads,
    typing: state.typing.filter((one) => one.channelId !== channelId),
  };
}

/** @param {State} state @param {Extract<LogEvent, { type: 'preferences.changed' }>} event @returns {State} */
function preferencesChanged(state, { channelId, isMuted, isStarred, notifies }) {
  const { [channelId]: _before, ...others } = state.preferences;
  const all = { isMuted, isStarred, ...(notifies && { notifies }) };
  const chosen = isMuted || isStarred || notifies ? { [channelId]: all } : {};
  return { ...state, preferences: { ...others, ...chosen } };
}

/** @param {State} state @param {Extract<LogEvent, { type: 'saved.changed' }>} event @returns {State} */
function savedChanged(state, { messageId, saved }) {
  const { [messageId]: _before, ...others } = state.saved;
  return { ...state, saved: saved && !saved.isDone ? { ...others, [messageId]: saved } : others };
}

/** @param {State} state @param {Extract<LogEvent, { type: 'scheduled.changed' }>} event @returns {State} */
function scheduledChanged(state, { postId, post }) {
  if (!state.scheduled) return state;
  const { [postId]: _before, ...others } = state.scheduled;
  return { ...state, scheduled: post ? { ...others, [postId]: post } : others };
}

/** @param {State} state @param {Extract<LogEvent, { type: 'user.changed' }>} event @returns {State} */
function userChanged(state, { user, isActive }) {
  const known = state.memberIds.includes(user.id);
  const others = isActive ? state.memberIds : state.memberIds.filter((id) => id !== user.id);
  return {
    ...state,
    users: { ...state.users, [user.id]: user },
    memberIds: isActive && !known ? [...others, user.id] : others,
  };
}

/** @param {Reaction[]} reactions @param {string} emoji @param {string} userId @param {boolean} on */
export function reacted(reactions, emoji, userId, on) {
  const known = reactions.find((reaction) => reaction.emoji === emoji);
  if (!known) return on ? [...reactions, { emoji, userIds: [userId] }] : reactions;
  const others = known.userIds.filter((id) => id !== userId);
  const userIds = on ? [...others, userId] : others;
  return reactions.flatMap((reaction) =>
    reaction !== known ? [reaction] : userIds.length > 0 ? [{ emoji, userIds }] : [],
  );
}
