// What is asked of the API about channels and their members.
import { signal } from '@preact/signals';
import { getChannels } from '../core/api.js';
import { get, numberOf, send } from '../core/http.js';
import { dispatch } from '../core/store/store.js';

/** @import { Agent, Channel, Message, NewChannel, Policy, ReachedAgent, ReplyPolicy } from '../core/types.js' */

const part = encodeURIComponent;

/** @param {NewChannel} channel @returns {Promise<Channel>} */
export const createChannel = (channel) => send('POST', '/api/channels', channel);

/** @param {string} channelId @param {{ name?: string, topic?: string }} change @returns {Promise<Channel>} */
export const changeChannel = (channelId, change) => send('PATCH', `/api/channels/${part(channelId)}`, change);

/** @param {string} channelId @param {{ isMuted?: boolean, isStarred?: boolean, notifies?: 'default' | 'all' | 'mentions' | 'nothing' }} change */
export const setPreferences = (channelId, change) =>
  send('PATCH', `/api/channels/${part(channelId)}/preferences`, change);

/** @param {string} channelId */
export const deleteChannel = (channelId) => send('DELETE', `/api/channels/${part(channelId)}`);

/** @param {string} channelId @param {string} userId @returns {Promise<string[]>} who is in it now */
export const addMember = (channelId, userId) =>
  send('POST', `/api/channels/${part(channelId)}/members`, { userId });

/** @param {string} channelId @param {string} userId @returns {Promise<string[]>} */
export const removeMember = (channelId, userId) =>
  send('DELETE', `/api/channels/${part(channelId)}/members/${part(userId)}`);

/** Counts this window's changes of reply policies, so that views of them load again. */
export const policyChanges = signal(0);

/** @param {string} channelId @param {string} agentId @param {Policy['policy'] | null} policy null: the channel's @returns {Promise<Policy>} */
export async function setPolicy(channelId, agentId, policy) {
  const set = await send('PUT', `/api/channels/${part(channelId)}/policies/${part(agentId)}`, { policy });
  policyChanges.value += 1;
  return set;
}

/** @param {string} channelId @returns {Promise<ReplyPolicy>} */
export const getReplyPolicy = (channelId) => get(`/api/channels/${part(channelId)}/answering`);

/** @param {string} channelId @param {Partial<Pick<ReplyPolicy, 'policy' | 'hostId'>>} change @returns {Promise<ReplyPolicy>} */
export async function setReplyPolicy(channelId, change) {
  const set = await send('PUT', `/api/channels/${part(channelId)}/answering`, change);
  policyChanges.value += 1;
  return set;
}

/** Its newest messages, the newest last. Nothing counts as read by that. @param {string} channelId @param {number} most @returns {Promise<Message[]>} */
export const getNewest = (channelId, most) => get(`/api/channels/${part(channelId)}/messages?limit=${most}`);

/** @param {string} channelId @returns {Promise<ReachedAgent[]>} */
export const getReach = (channelId) => get(`/api/channels/${part(channelId)}/reach`);

/** @returns {Promise<Agent[]>} */
export const getInactive = () => get('/api/agents?active=false');

/** What one has just done is known at once, also where the stream is cut. */
export async function refreshChannels() {
  const channels = await getChannels();
  dispatch({ type: 'channels', channels, asOf: numberOf(channels) });
}
