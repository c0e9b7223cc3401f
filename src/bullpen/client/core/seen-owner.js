// Whose what was last seen in this browser is. It is one member's at a time: without this entry, or with another one, what
// is kept is nobody's, is never shown, and goes.
import { readEntry, removeEntry, writeEntry } from './storage.js';

const place = 'bullpen.seen';
/** Of the browser's `caches`, which are only there over HTTPS and on this machine. */
export const seenCache = 'bullpen.seen';

/** @typedef {{ userId: string, id: string }} Owner id: another one each time that somebody begins to be the owner */

/** @returns {Owner | null} */
export function seenOwner() {
  const owner = readEntry(place);
  return typeof owner?.userId === 'string' && typeof owner.id === 'string' ? owner : null;
}

/** What another member has seen goes. @param {string} userId @returns {Owner} */
export function ownSeen(userId) {
  const before = seenOwner();
  if (before?.userId === userId) return before;
  forgetSeen();
  const owner = { userId, id: crypto.randomUUID() };
  writeEntry(place, owner);
  return owner;
}

/** Somebody has signed out, or has lost their access. The entry goes at once, the content as soon as the browser gets to it. */
export function forgetSeen() {
  removeEntry(place);
  globalThis.caches?.delete(seenCache).catch(() => {});
}
