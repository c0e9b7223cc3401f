import { get, queryOf } from '../core/http.js';
import { loadUnknownUsers } from '../core/loading.js';

/** @import { Moments, PastMemory, PastMessages, PastQueue } from '../core/types.js' */

const part = encodeURIComponent;

/** @param {string} channelId @param {string} at @param {string} agentId @returns {Promise<Moments>} */
export const getMoments = (channelId, at, agentId) =>
  get(`/api/history/channels/${part(channelId)}/moments${queryOf({ at, agentId })}`);

/** @param {string} channelId @param {string} at @param {string} [before] @returns {Promise<PastMessages>} */
export async function getPastMessages(channelId, at, before) {
  const found = await get(`/api/history/channels/${part(channelId)}/messages${queryOf({ at, before })}`);
  loadUnknownUsers(found.messages.map((/** @type {{ userId: string }} */ message) => message.userId));
  return found;
}

/** @param {string} messageId @param {string} at @returns {Promise<PastMessages>} */
export async function getPastReplies(messageId, at) {
  const found = await get(`/api/history/messages/${part(messageId)}/replies${queryOf({ at, limit: 200 })}`);
  loadUnknownUsers(found.messages.map((/** @type {{ userId: string }} */ message) => message.userId));
  return found;
}

/** @param {string} agentId @param {string} at @returns {Promise<PastMemory>} */
export const getPastMemory = (agentId, at) =>
  get(`/api/history/agents/${part(agentId)}/memory${queryOf({ at })}`);

/** @param {string} channelId @param {string} at @returns {Promise<PastQueue>} */
export const getPastQueue = (channelId, at) => get(`/api/history/queue${queryOf({ at, channelId })}`);
