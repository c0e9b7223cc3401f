// What an agent has archived.
import { get, queryOf, send } from '../../core/http.js';

/** @import { Pages, Passage } from '../../core/types.js' */

const part = encodeURIComponent;

/**
 * @param {string} agentId @param {{ q: string, tags: string }} search @param {string} [cursor]
 * @returns {Promise<Pages<Passage, string>>}
 */
export async function getPassages(agentId, search, cursor) {
  const { passages, nextCursor } = await get(
    `/api/agents/${part(agentId)}/archival${queryOf({ ...search, cursor, limit: 30 })}`,
  );
  return { items: passages, next: nextCursor };
}

/** @param {string} agentId @param {{ content: string, tags: string[] }} passage @returns {Promise<Passage>} */
export const addPassage = (agentId, passage) =>
  send('POST', `/api/agents/${part(agentId)}/archival`, passage);

/** @param {string} agentId @param {string} passageId */
export const deletePassage = (agentId, passageId) =>
  send('DELETE', `/api/agents/${part(agentId)}/archival/${part(passageId)}`);
