// Making agents: from nothing, from another one, from a file; and deleting them.
import { queryOf, request, send } from '../../core/http.js';

/** @import { Agent, AgentPreview, Imported } from '../../core/types.js' */

/**
 * @typedef {{
 *   id: string, displayName: string, title: string, avatarColor: string, systemPrompt: string, modelId: string,
 *   channelIds: string[], managerId: string | null, dailyUsd: number | null
 * }} NewAgent
 */

const part = encodeURIComponent;

/** @param {NewAgent} agent @returns {Promise<Agent>} */
export const createAgent = (agent) => send('POST', '/api/agents', agent);

/**
 * @param {{ displayName: string, title: string, systemPrompt: string, modelId: string, text: string }} draft
 * @returns {Promise<AgentPreview>}
 */
export const previewAgent = (draft) => send('POST', '/api/agents/preview', draft);

/** @param {string} agentId @param {{ id: string, displayName: string }} copy @returns {Promise<Agent>} */
export const duplicateAgent = (agentId, copy) => send('POST', `/api/agents/${part(agentId)}/duplicate`, copy);

/** @param {string} agentId @param {string} displayName as it was typed */
export const deleteAgent = (agentId, displayName) =>
  send('POST', `/api/agents/${part(agentId)}/delete`, { displayName });

/** @param {string} agentId @param {'folder' | 'letta'} format */
export const addressOfAgentFile = (agentId, format) =>
  `/api/agents/${part(agentId)}/export${queryOf({ format })}`;

/** @param {File} file @param {{ id?: string, displayName?: string }} named @returns {Promise<Imported>} */
export async function importAgent(file, named) {
  const path = `/api/agents/import${queryOf(named)}`;
  const headers = { 'Content-Type': 'application/octet-stream' };
  return (await request(path, { method: 'POST', body: file, headers })).json();
}
