import { computed, signal } from '@preact/signals';
import { addressOfAgent, addressOfPerson } from '../addresses.js';
import { bare } from '../bare.js';
import { isDirect } from '../kinds.js';
import { listed } from '../listed-names.js';
import { isTeam } from '../mode.js';
import { badgeFor, inboxBadgeFor } from './badges.js';
import { apply, nothing } from './state.js';

/** @import { Channel, Event, State, User } from '../types.js' */

/** @type {import('@preact/signals').Signal<State>} */
export const state = signal(bare({ ...nothing }));

let reduce = apply;

/** @param {typeof apply} reducer of more events, once they can come */
export function reduceWith(reducer) {
  reduce = reducer;
}

/** @param {Event} event */
export function dispatch(event) {
  state.value = bare(reduce(state.value, event));
}

export const session = computed(() => state.value.session);
export const users = computed(() => state.value.users);
export const members = computed(() => {
  const { users, memberIds } = state.value;
  return memberIds.flatMap((id) => users[id] ?? []);
});
/** Whether a member is active; null until that is known. @param {string} id */
export function isActive(id) {
  const { memberIds } = state.value;
  return memberIds.length === 0 ? null : memberIds.includes(id);
}
export const channels = computed(() => state.value.channels);
export const unreads = computed(() => state.value.unreads);
/** How many saved messages somebody is to be reminded of now. */
export const dueReminders = computed(
  () => Object.values(state.value.saved).filter(({ isDue }) => isDue).length,
);

/** How many messages are sent later, and how many of them could not be. */
export const scheduledCounts = computed(() => {
  const all = Object.values(state.value.scheduled ?? {});
  return { all: all.length, failed: all.filter(({ problem }) => problem).length };
});

/** @type {import('../types.js').ChannelPreferences} */
const noPreferences = { isMuted: false, isStarred: false };

/** Whether the current user has starred or muted a channel. @param {string} channelId */
export const preferencesOf = (channelId) => state.value.preferences[channelId] ?? noPreferences;

/** Unread replies in threads that the current user follows, by channel. */
const unreadReplies = computed(() => {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const { channelId, unreadCount } of Object.values(state.value.unreadThreads))
    counts[channelId] = (counts[channelId] ?? 0) + unreadCount;
  return counts;
});

/**
 * How a conversation stands in the sidebar.
 * @param {string} channelId @param {boolean} isOpen its messages are in sight, its threads are not
 * @param {string | null} [openThread] the thread in sight
 */
export function badgeOf(channelId, isOpen, openThread = null) {
  const { channels, unreads, mentions, unreadThreads } = state.value;
  const channel = channels?.[channelId];
  const seen = openThread === null ? undefined : unreadThreads[openThread];
  return badgeFor({
    kind: channel?.kind ?? 'public',
    isMember: channel !== undefined && isMine(channel),
    isOpen,
    isMuted: preferencesOf(channelId).isMuted,
    unread: unreads[channelId] ?? 0,
    mentions: mentions[channelId] ?? 0,
    replies: (unreadReplies.value[channelId] ?? 0) - (seen?.channelId === channelId ? seen.unreadCount : 0),
  });
}

/** How the current user has arranged the sidebar. */
export const layout = computed(() => state.value.layout);

export const inboxBadge = computed(() => {
  const { unreadThreads, inbox } = state.value;
  const threads = Object.values(unreadThreads).map(({ channelId }) => preferencesOf(channelId));
  return inboxBadgeFor(threads, inbox);
});

/** Whether the current user is a guest, to whom much of what is about agents is refused. */
export const isGuest = computed(() => session.value?.role === 'guest');

/** The person who joined in this browser; null where nobody has, and members are only looked at. */
export const self = computed(() => {
  const ownId = session.value?.ownId ?? session.value?.userId ?? '';
  return users.value[ownId]?.kind === 'person' ? ownId : null;
});

/** The member that this window views the workspace as, where that is somebody else. */
export const viewedAs = computed(() => {
  const user = users.value[session.value?.userId ?? ''];
  return isTeam || !user || user.id === self.value ? null : user;
});

export const loads = computed(() => state.value.loads);

/** @param {string} id @returns {User} users who are not known (yet) are shown by id */
export function userOf(id) {
  return (
    users.value[id] ?? {
      id,
      displayName: id,
      title: '',
      avatarColor: '',
      presence: 'offline',
      kind: 'person',
    }
  );
}

/** @param {string} id */
const nameOf = (id) => userOf(id).displayName;

/** The page about a member. @param {string} id */
export function addressOfMember(id) {
  return userOf(id).kind === 'person' ? addressOfPerson(id) : addressOfAgent(id);
}

/** @param {Channel} channel the DM's participant who is not acting */
export function otherMember(channel) {
  const id = channel.memberIds.find((memberId) => memberId !== session.value?.userId);
  return userOf(id ?? channel.memberIds[0] ?? channel.id);
}

/**
 * What a conversation is called on the page of one of its members: a direct message has the names of the others.
 * @param {Channel} channel @param {string} memberId @returns {string}
 */
export function titleBeside(channel, memberId) {
  if (!isDirect(channel) || !channel.memberIds.includes(memberId)) return titleOf(channel);
  const others = channel.memberIds.filter((id) => id !== memberId);
  return others.length === 0 ? userOf(memberId).displayName : listed(others.map(nameOf));
}

/** @param {Channel} channel @returns {string} */
export function titleOf(channel) {
  if (!isDirect(channel)) return `#${channel.name}`;
  if (isMine(channel)) return titleBeside(channel, session.value?.userId ?? '');
  return channel.memberIds.map(nameOf).join(', ');
}

/** Whether the current user is in a channel. @param {Channel} channel */
export function isMine({ memberIds }) {
  return memberIds.includes(session.value?.userId ?? '');
}

/** Private ones of agents alone, which an administrator reads without being in them. @param {Channel} channel */
export function isOfAgents(channel) {
  return channel.kind !== 'public' && !isMine(channel);
}
