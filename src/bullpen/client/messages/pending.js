// Messages of one's own that the server has not confirmed, in the order in which they were written.
import { signal } from '@preact/signals';
import { repliedToOf } from '../core/store/message-order.js';
import { state } from '../core/store/store.js';

/** @import { Message, Page, Pending, Place, ThreadReply } from '../core/types.js' */

export const pending = signal(/** @type {Pending[]} */ ([]));

/**
 * A page with what is on its way to its end, which is shown there at once.
 * @template {Message | ThreadReply} T
 * @param {Page<T>} page @param {Place} place @param {string | undefined} userId @returns {T[]}
 */
export function withPending(page, place, userId) {
  if (page.hasNewer) return page.items;
  const known = new Set(page.items.map((item) => item.id));
  const here = pending.value.filter(
    (one) =>
      one.channelId === place.channelId &&
      (one.parentMessageId === place.parentMessageId ||
        (place.parentMessageId === null && one.alsoInChannel)) &&
      one.userId === userId &&
      !known.has(one.id),
  );
  return here.length === 0 ? page.items : [...page.items, .../** @type {any[]} */ (here.map(asMessage))];
}

/** @param {Pending} pending */
function asMessage(pending) {
  const { id, channelId, parentMessageId, userId, text, files, timestamp, alsoInChannel } = pending;
  const base = { id, channelId, userId, text, timestamp, reactions: [], threadReplyCount: 0, pending };
  const message = files?.length ? { ...base, files } : base;
  if (parentMessageId === null) return message;
  const root = state.peek().threads[parentMessageId]?.root;
  const repliedTo = alsoInChannel && { repliedTo: root ? repliedToOf(root) : { userId: '', text: '' } };
  return { ...message, parentMessageId, ...repliedTo };
}
