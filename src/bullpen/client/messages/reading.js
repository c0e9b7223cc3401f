// What one has read: where what is new begins, and whether the window can be seen at all.
import { signal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';
import { onEvent } from '../core/store/event-bus.js';
import { session } from '../core/store/store.js';

/** @import { LogEvent, Message } from '../core/types.js' */

/** Channels, and threads by their first message, that were marked as unread while this window showed them. */
const keptUnread = signal(/** @type {ReadonlySet<string>} */ (new Set()));

/** @param {string} id @param {boolean} isKept */
function keep(id, isKept) {
  const others = [...keptUnread.peek()].filter((one) => one !== id);
  if (isKept || others.length < keptUnread.peek().size)
    keptUnread.value = new Set(isKept ? [...others, id] : others);
}

onEvent((/** @type {LogEvent} */ event) => {
  if (event.type === 'cursor.moved') keep(event.channelId, event.isMarkedUnread === true);
  if (event.type === 'thread.read') keep(event.rootId, event.isMarkedUnread === true);
  // The author of a message has read what is there.
  if (event.type === 'message.created' && event.message.userId === session.peek()?.userId)
    keep(event.parentMessageId ?? event.channelId, false);
});

/**
 * Whether a conversation stays unread although it is in sight: until it is opened again.
 * @param {string} id of the channel, or of the thread's first message
 */
export function useKeptUnread(id) {
  useLayoutEffect(() => {
    keep(id, false);
    return () => keep(id, false);
  }, [id]);
  return keptUnread.value.has(id);
}

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
