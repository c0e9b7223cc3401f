// What is asked of the API about channels and their members.
import { getChannels } from '../core/api.js';
import { get, numberOf, send } from '../core/http.js';
import { dispatch } from '../core/store/store.js';

/** @import { Agent, Channel, NewChannel, Policy } from '../core/types.js' */

const part = encodeURIComponent;

/** @param {NewChannel} channel @returns {Promise<Channel>} */
export const createChannel = (channel) => send('POST', '/api/channels', channel);

/** @param {string} channelId @param {{ name?: string, topic?: string }} change @returns {Promise<Channel>} */
export const changeChannel = (channelId, change) => send('PATCH', `/api/channels/${part(channelId)}`, change);

/** @param {string} channelId */
export const deleteChannel = (channelId) => send('DELETE', `/api/channels/${part(channelId)}`);

/** @param {string} channelId @param {string} userId @returns {Promise<string[]>} who is in it now */
export const addMember = (channelId, userId) =>
  send('POST', `/api/channels/${part(channelId)}/members`, { userId });

/** @param {string} channelId @param {string} userId @returns {Promise<string[]>} */
export const removeMember = (channelId, userId) =>
  send('DELETE', `/api/channels/${part(channelId)}/members/${part(userId)}`);

/** @param {string} channelId @returns {Promise<Policy[]>} */
export const getPolicies = (channelId) => get(`/api/channels/${part(channelId)}/policies`);

/** @param {string} channelId @param {string} agentId @param {Policy['policy']} policy @returns {Promise<Policy>} */
export const setPolicy = (channelId, agentId, policy) =>
  send('PUT', `/api/channels/${part(channelId)}/policies/${part(agentId)}`, { policy });

/** @returns {Promise<Agent[]>} */
export const getInactive = () => get('/api/agents?active=false');

/** What one has just done is known at once, also where the stream is cut. */
export async function refreshChannels() {
  const channels = await getChannels();
  dispatch({ type: 'channels', channels, asOf: numberOf(channels) });
}
