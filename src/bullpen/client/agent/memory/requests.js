// The memory blocks of agents, and the notes on private channels.
import { get, queryOf, send } from '../../core/http.js';

/** @import { MemoryBlock, MemoryVersion, Pages, PrivateNote } from '../../core/types.js' */

const part = encodeURIComponent;

/** @param {string} agentId */
const memoryOf = (agentId) => `/api/agents/${part(agentId)}/memory`;

/** @param {string} agentId @returns {Promise<MemoryBlock[]>} */
export const getMemory = (agentId) => get(memoryOf(agentId));

/**
 * @param {string} agentId @param {string} label
 * @param {{ content: string, isShared?: boolean, version?: number }} body
 * @returns {Promise<MemoryBlock>}
 */
export const putBlock = (agentId, label, body) => send('PUT', `${memoryOf(agentId)}/${part(label)}`, body);

/** @param {string} agentId @param {string} label @param {boolean} force @returns {Promise<MemoryBlock>} */
export const deleteBlock = (agentId, label, force) =>
  send('DELETE', `${memoryOf(agentId)}/${part(label)}${force ? '?force=true' : ''}`);

/** @param {string} agentId @param {string} label @param {number} [before] @returns {Promise<Pages<MemoryVersion, number>>} */
export async function getVersions(agentId, label, before) {
  const { versions, nextCursor } = await get(
    `${memoryOf(agentId)}/${part(label)}/versions${queryOf({ before })}`,
  );
  return { items: versions, next: nextCursor };
}

/** @param {string} agentId @param {string} label @param {number} version @returns {Promise<MemoryBlock>} */
export const restoreBlock = (agentId, label, version) =>
  send('POST', `${memoryOf(agentId)}/${part(label)}/restore`, { version });

/** @param {string} agentId @param {string} label @param {string[]} agentIds @returns {Promise<MemoryBlock>} */
export const linkBlock = (agentId, label, agentIds) =>
  send('PUT', `${memoryOf(agentId)}/${part(label)}/links`, { agentIds });

/** @param {string} agentId @returns {Promise<PrivateNote[]>} */
export const getNotes = (agentId) => get(`/api/agents/${part(agentId)}/notes`);

/** @param {PrivateNote} note */
const noteAt = ({ agentId, channelId, label }) =>
  `/api/agents/${part(agentId)}/notes/${part(channelId)}/${part(label)}`;

/** @param {PrivateNote} note @param {{ content: string, version: number }} body @returns {Promise<PrivateNote>} */
export const putNote = (note, body) => send('PUT', noteAt(note), body);

/** @param {PrivateNote} note @returns {Promise<PrivateNote>} */
export const deleteNote = (note) => send('DELETE', noteAt(note));

/** @param {PrivateNote} note @param {number} [before] @returns {Promise<Pages<MemoryVersion, number>>} */
export async function getNoteVersions(note, before) {
  const { versions, nextCursor } = await get(`${noteAt(note)}/versions${queryOf({ before })}`);
  return { items: versions, next: nextCursor };
}

/** @param {PrivateNote} note @param {number} version @returns {Promise<PrivateNote>} */
export const restoreNote = (note, version) => send('POST', `${noteAt(note)}/restore`, { version });
