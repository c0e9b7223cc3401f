// Pages of messages: what is known of a list that goes on further into the past, and perhaps towards the present.

/** @import { Page } from '../types.js' */

/** @typedef {{ id: string, timestamp: string }} Placed */

/**
 * The newest page takes the place of what was known, but older messages stay where the two overlap, so that
 * coming back to a channel does not lose the place one had scrolled to.
 * @template {Placed} T
 * @param {Page<T> | undefined} known
 * @param {Page<T>} newest
 * @returns {Page<T>}
 */
export function renewed(known, newest) {
  const first = newest.items[0];
  if (!known || known.stale || !first) return newest;
  const overlap = known.items.findIndex((item) => item.id === first.id);
  if (overlap < 1) return newest;
  return { ...newest, items: [...known.items.slice(0, overlap), ...newest.items], hasOlder: known.hasOlder };
}

/**
 * @template {Placed} T
 * @param {Page<T> | undefined} known
 * @param {Page<T>} older
 * @returns {Page<T>}
 */
export function withOlder(known, older) {
  if (!known) return older;
  const ids = new Set(known.items.map((item) => item.id));
  const items = [...older.items.filter((item) => !ids.has(item.id)), ...known.items];
  return { ...known, items, hasOlder: older.hasOlder };
}

/**
 * @template {Placed} T
 * @param {Page<T> | undefined} known
 * @param {Page<T>} newer
 * @returns {Page<T>}
 */
export function withNewer(known, newer) {
  if (!known) return newer;
  const ids = new Set(newer.items.map((item) => item.id));
  const items = [...known.items.filter((item) => !ids.has(item.id)), ...newer.items];
  return { ...known, items, hasNewer: newer.hasNewer };
}
