// What only the pages ask of the API.
import { get, request } from '../app/api.js';

/** @import { Agent, AgentChange } from './types.js' */

const part = encodeURIComponent;

/** @param {string} method @param {string} path @param {unknown} [body] */
async function send(method, path, body) {
  return (
    await request(path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  ).json();
}

/** @param {string} agentId @returns {Promise<Agent>} */
export const getAgent = (agentId) => get(`/api/agents/${part(agentId)}`);

/** @param {string} agentId @param {AgentChange} change @returns {Promise<Agent>} */
export const changeAgent = (agentId, change) => send('PATCH', `/api/agents/${part(agentId)}`, change);
