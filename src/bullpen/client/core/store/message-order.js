// Where a message stands among those of a page.

/** @import { Message, Page, RootOfThread } from '../types.js' */

/** @typedef {{ id: string, timestamp: string }} Placed */

/**
 * Microseconds count, which dates do not have; an instant has as many digits as it needs.
 * @param {Placed} one @param {Placed} other
 */
export function isAfter(one, other) {
  const [a, b] = [one.timestamp.replace('Z', ''), other.timestamp.replace('Z', '')];
  return a === b ? one.id > other.id : a > b;
}

/**
 * A message in its place, or in that of what was known of it; nothing changes where its place is not loaded.
 * @template {Placed} T
 * @param {Page<T>} page
 * @param {T} message
 * @returns {Page<T>}
 */
export function extendedTo(page, message) {
  const { items } = page;
  const at = items.findIndex((known) => known.id === message.id);
  if (at >= 0) return { ...page, items: items.with(at, message) };
  const before = items.findLastIndex((known) => isAfter(message, known));
  if (before === -1 && page.hasOlder) return page;
  if (before === items.length - 1 && page.hasNewer) return page;
  return { ...page, items: items.toSpliced(before + 1, 0, message) };
}

// Characters, as the server counts them.
const longestRepliedTo = 100;

/** What a reply in the channel's list shows of the message that it replies to. @param {{ userId: string, text: string }} root */
export function repliedToOf({ userId, text }) {
  return { userId, text: [...text].slice(0, longestRepliedTo).join('') };
}

/** @param {Message} message @param {RootOfThread} root @returns {Message} */
export function withThreadOf(message, root) {
  const { threadParticipantIds: _ids, lastReplyAt: _at, ...rest } = message;
  const { mentionedIds: _mentioned, ...shown } = root;
  return { ...rest, ...shown };
}
