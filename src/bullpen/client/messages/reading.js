// What one has read: where what is new begins, and whether the window can be seen at all.
import { signal } from '@preact/signals';

/** @import { Message } from '../core/types.js' */

const visible = () => document.visibilityState === 'visible';

export const onVisible = signal(visible());

document.addEventListener('visibilitychange', () => {
  onVisible.value = visible();
});

/** @param {Message[]} items @param {number} unread @param {string | undefined} me @returns {string | null} */
export function firstUnread(items, unread, me) {
  let left = unread;
  for (const message of items.toReversed()) {
    if (message.userId !== me) left -= 1;
    if (left === 0) return message.id;
  }
  return items[0]?.id ?? null;
}
