// How a conversation stands in the sidebar. `api/browser/frame.py` draws the same; tests/cases/badges.json and
// tests/cases/listed.json hold for both.
import { isDirect } from '../kinds.js';

/**
 * Whether the sidebar lists a conversation that somebody may read. A public channel without members is listed for
 * everybody: nobody else would find it.
 * @param {{ kind: string, memberIds: string[], isOpen: boolean }} conversation @param {string} me
 */
export function isListed({ kind, memberIds, isOpen }, me) {
  if (memberIds.includes(me)) return true;
  return kind === 'public' && (isOpen || memberIds.length === 0);
}

/**
 * @typedef {object} Unread
 * @property {string} kind of the channel
 * @property {boolean} isMember whether the current user is in it
 * @property {boolean} isOpen its messages are in sight, its threads are not
 * @property {boolean} isMuted only mentions make it stand out
 * @property {number} unread messages
 * @property {number} mentions those of them that mention the current user
 * @property {number} replies unread ones in threads that the current user follows
 */

/**
 * The count in red (mentions, direct messages and followed threads), all that is unread, and whether the name is bold.
 * @param {Unread} unread
 */
export function badgeFor({ kind, isMember, isOpen, isMuted, unread, mentions, replies }) {
  const inSight = isOpen || !isMember;
  if (isMuted) {
    const named = inSight ? 0 : mentions;
    return { count: named, unread: named, isBold: named > 0 };
  }
  const own = inSight ? 0 : unread;
  const red = inSight ? 0 : isDirect({ kind }) ? unread : mentions;
  return { count: red + replies, unread: own + replies, isBold: own + replies > 0 };
}

/**
 * How the inbox stands in the sidebar; tests/cases/inbox_badges.json holds for both. Reactions make it bold alone.
 * @param {{ isMuted: boolean }[]} threads unread ones that the current user follows, by what is chosen for their channels
 * @param {{ mentions: number, reactions: number }} others
 */
export function inboxBadgeFor(threads, { mentions, reactions }) {
  const count = threads.filter(({ isMuted }) => !isMuted).length + mentions;
  return { count, isBold: count + reactions > 0 };
}
