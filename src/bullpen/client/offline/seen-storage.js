// Keeps the snapshot in the browser: too large for localStorage, it is one answer in a cache that no request is answered from.
import { forgetSeen, seenCache, seenOwner } from '../core/seen-owner.js';
import { readable } from './snapshot.js';

/** @import { Owner } from '../core/seen-owner.js' */
/** @import { Snapshot } from './snapshot.js' */

const address = '/last-seen';

/** @param {Snapshot} snapshot @param {Owner} owner nothing is kept where somebody else is by now */
export async function keepSnapshot(snapshot, owner) {
  const content = new Response(JSON.stringify(snapshot));
  const cache = await caches.open(seenCache);
  if (seenOwner()?.id === owner.id) await cache.put(address, content);
  if (seenOwner()?.id !== owner.id) await cache.delete(address);
}

/** @returns {Promise<Snapshot | null>} */
export async function keptSnapshot() {
  const owner = seenOwner();
  if (owner === null || !globalThis.caches) return null;
  const answer = await caches.match(address, { cacheName: seenCache });
  const content = await answer?.json().catch(() => null);
  const snapshot = readable(content, owner.id, new Date());
  if (content && !snapshot) forgetSeen();
  return snapshot && snapshot.state.session?.userId === owner.userId ? snapshot : null;
}
