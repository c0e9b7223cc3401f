import { get } from '../core/http.js';
import { loadUnknownUsers } from '../core/loading.js';

/** @import { Pages, SearchHit } from '../core/types.js' */

/** @param {string} text @param {string} sort @param {string} [cursor] @returns {Promise<Pages<SearchHit, string>>} */
export async function searchMessages(text, sort, cursor) {
  if (text === '') return { items: [], next: null };
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const asked = new URLSearchParams({ q: text, sort, timeZone, ...(cursor ? { cursor } : {}) });
  const { hits, nextCursor, notes } = await get(`/api/search?${asked}`);
  loadUnknownUsers(hits.map((/** @type {SearchHit} */ hit) => hit.message.userId));
  return { items: hits, next: nextCursor, notes };
}
