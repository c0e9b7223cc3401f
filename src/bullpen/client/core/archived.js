// Archived channels that somebody reads: the store holds only those that can be written in.
import { effect, signal } from '@preact/signals';
import { get } from './http.js';
import { actorChanges } from './loading.js';
import { channels } from './store/store.js';

/** @import { Channel } from './types.js' */

/** By id; null where the channel is not archived, or cannot be read. */
export const archived = signal(/** @type {Record<string, Channel | null>} */ ({}));

// Another user may not be allowed to read them.
effect(() => {
  actorChanges.value;
  archived.value = {};
});
// What was restored may be archived again later.
effect(() => {
  const known = archived.peek();
  const live = Object.keys(known).filter((id) => channels.value?.[id]);
  if (live.length > 0)
    archived.value = Object.fromEntries(Object.entries(known).filter(([id]) => !live.includes(id)));
});

/** @param {string} channelId */
export async function loadArchived(channelId) {
  const startedAt = actorChanges.peek();
  /** @type {Channel | null} */
  const channel = await get(`/api/channels/${encodeURIComponent(channelId)}`).catch(() => null);
  if (startedAt !== actorChanges.peek() || channels.peek()?.[channelId]) return;
  archived.value = { ...archived.peek(), [channelId]: channel?.isArchived ? channel : null };
}
