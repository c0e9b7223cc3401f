// What is saved for later, and when to be reminded of it.
import { get, queryOf, request, send } from '../core/http.js';

/** @import { SavedMark, SavedMessage } from '../core/types.js' */

const part = encodeURIComponent;
const pageSize = 50;

/** What is due first, then what was saved last. @param {boolean} isDone @param {string | undefined} before @returns {Promise<{ items: SavedMessage[], next: string | null }>} */
export async function getSaved(isDone, before) {
  const query = queryOf({ isDone: String(isDone), limit: String(pageSize), before });
  const response = await request(`/api/saved${query}`);
  /** @type {SavedMessage[]} */
  const items = await response.json();
  const hasOlder = /rel="?prev"?/.test(response.headers.get('Link') ?? '');
  const next = hasOlder ? (items[0]?.messageId ?? null) : null;
  return { items: items.toReversed(), next };
}

/** What is left out stays as it is. @param {string} messageId @param {{ remindAt?: string | null, isDone?: boolean }} [state] @returns {Promise<SavedMark>} */
export const putSaved = (messageId, state = {}) =>
  send('PUT', `/api/messages/${part(messageId)}/saved`, state);

/** @param {string} messageId @returns {Promise<SavedMark[]>} */
export const deleteSaved = (messageId) => send('DELETE', `/api/messages/${part(messageId)}/saved`);

/** The time zone of a person's profile; null where it names none. @param {string} userId @returns {Promise<string | null>} */
export const getTimeZone = async (userId) => (await get(`/api/people/${part(userId)}`)).timeZone;
