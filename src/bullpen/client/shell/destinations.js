// Where the switcher leads, and in which order it offers that. Pure, and tested in Node.

import { fit } from '../core/fuzzy.js';
import { compareNames } from '../core/name-order.js';

/**
 * @typedef {{
 *   key: string, kind: 'channel' | 'person' | 'inactive' | 'command', title: string, detail: string, badge?: { count: number, isBold: boolean },
 *   channelId?: string, also?: string
 * }} Destination  also: what else it may be found by
 */
/** @typedef {Destination & { at: number[] }} Offered */

const most = 30;
const detailCounts = 0.5;
const commandCounts = 0.8;

/**
 * @param {string} typed
 * @param {Destination[]} all
 * @param {string[]} recent the channels' ids, the last first
 * @returns {Offered[]}
 */
export function offered(typed, all, recent) {
  const placeOf = (/** @type {Destination} */ one) => (one.channelId ? recent.indexOf(one.channelId) : -1);
  if (typed.trim() === '') {
    const rank = (/** @type {Destination} */ one) => {
      const place = placeOf(one);
      if (place >= 0) return place;
      if (one.badge?.isBold) return most;
      return one.kind === 'command' ? 3 * most : one.kind === 'inactive' ? 4 * most : 2 * most;
    };
    return all
      .map((one, order) => ({ ...one, at: [], order }))
      .toSorted((a, b) => rank(a) - rank(b) || a.order - b.order)
      .slice(0, most);
  }
  return all
    .flatMap((one) => {
      const found = best(typed, one);
      if (!found) return [];
      const place = placeOf(one);
      const recency = place >= 0 ? 5 / (place + 1) : 0;
      return [{ ...one, at: found.at, score: found.score + recency + (one.badge?.isBold ? 2 : 0) }];
    })
    .toSorted((a, b) => b.score - a.score || compareNames(a.title, b.title))
    .slice(0, most);
}

/** @param {string} typed @param {Destination} one */
function best(typed, { kind, title, detail, also }) {
  const bare = typed.replace(/^[#@]/, '');
  const inTitle = fit(bare, title);
  const counts = kind === 'command' || kind === 'inactive' ? commandCounts : 1;
  const byTitle = inTitle && { score: inTitle.score * counts, at: inTitle.at };
  const others = [detail, also ?? '']
    .map((text) => contains(text, bare))
    .filter((score) => score > 0)
    .map((score) => ({ score: score * detailCounts * counts, at: /** @type {number[]} */ ([]) }));
  return [byTitle, ...others].reduce(
    (winner, other) => (other && (!winner || other.score > winner.score) ? other : winner),
    null,
  );
}

/** What stands beside a name must have the words as they are typed. @param {string} text @param {string} typed */
function contains(text, typed) {
  const found = text.toLowerCase().indexOf(typed.trim().toLowerCase());
  if (found < 0 || typed.trim() === '') return 0;
  return fit(typed, text.slice(found))?.score ?? 0;
}
