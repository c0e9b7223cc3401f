// What is asked of the API about tokens: one's own, and those of an agent whose mind runs elsewhere.
import { get, send } from '../core/http.js';

/** @import { ApiToken, CreatedToken, NewToken } from '../core/types.js' */

/** @param {string | null} agentId null: one's own */
const pathOf = (agentId) =>
  agentId === null ? '/api/tokens' : `/api/agents/${encodeURIComponent(agentId)}/tokens`;

/** @param {string | null} agentId @returns {Promise<ApiToken[]>} */
export const getTokens = (agentId) => get(pathOf(agentId));

/** @param {string | null} agentId @param {NewToken} token @returns {Promise<CreatedToken>} with the token itself, this once */
export const createToken = (agentId, token) => send('POST', pathOf(agentId), token);

/** @param {string | null} agentId @param {string} tokenId @returns {Promise<ApiToken[]>} those that are left */
export const revokeToken = (agentId, tokenId) =>
  send('DELETE', `${pathOf(agentId)}/${encodeURIComponent(tokenId)}`);
