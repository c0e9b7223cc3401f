import { computed, signal } from '@preact/signals';
import { addressOfAgent, addressOfPerson } from '../addresses.js';
import { bare } from '../bare.js';
import { isTeam } from '../mode.js';
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
/** Unread counts that badges and the title show: only of conversations that the current user is in. */
export const badges = computed(() => {
  const { unreads, channels, session } = state.value;
  const joined = (/** @type {string} */ id) =>
    channels?.[id]?.memberIds.includes(session?.userId ?? '') ?? false;
  return Object.fromEntries(Object.entries(unreads).filter(([id]) => joined(id)));
});

/** Unread replies in threads that the current user follows, by channel. */
export const threadBadges = computed(() => {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const { channelId, unreadCount } of Object.values(state.value.unreadThreads))
    counts[channelId] = (counts[channelId] ?? 0) + unreadCount;
  return counts;
});

/** What a badge says of a conversation. @param {string} channelId @param {boolean} isOpen its messages are in sight, its threads are not */
export function badgeOf(channelId, isOpen) {
  return (isOpen ? 0 : (badges.value[channelId] ?? 0)) + (threadBadges.value[channelId] ?? 0);
}
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
 * What a conversation is called on the page of one of its members: a DM has the name of the other one.
 * @param {Channel} channel @param {string} memberId
 */
export function titleBeside(channel, memberId) {
  if (channel.kind !== 'dm' || !channel.memberIds.includes(memberId)) return titleOf(channel);
  return userOf(channel.memberIds.find((id) => id !== memberId) ?? memberId).displayName;
}

/** @param {Channel} channel */
export function titleOf(channel) {
  if (channel.kind !== 'dm') return `#${channel.name}`;
  if (isMine(channel)) return otherMember(channel).displayName;
  return channel.memberIds.map((id) => userOf(id).displayName).join(', ');
}

/** Whether the current user is in a channel. @param {Channel} channel */
export function isMine({ memberIds }) {
  return memberIds.includes(session.value?.userId ?? '');
}

/** Private ones of agents alone, which an administrator reads without being in them. @param {Channel} channel */
export function isOfAgents(channel) {
  return channel.kind !== 'public' && !isMine(channel);
}
