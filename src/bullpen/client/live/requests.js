// What is written.
import { send } from '../app/api.js';

/** @import { Message, Pending } from '../app/types.js' */

const part = encodeURIComponent;

/** @param {Pending} pending @returns {Promise<Message>} */
export const postMessage = ({ id, channelId, parentMessageId, text }) =>
  send('POST', '/api/messages', { id, channelId, text, ...(parentMessageId && { parentMessageId }) });

/** @param {string} id @param {string} text @returns {Promise<Message>} */
export const editMessage = (id, text) => send('PATCH', `/api/messages/${part(id)}`, { text });

/** @param {string} id @returns {Promise<Message>} */
export const deleteMessage = (id) => send('DELETE', `/api/messages/${part(id)}`);

/** @param {string} id @param {string} emoji @param {boolean} on @returns {Promise<Message>} */
export const setReaction = (id, emoji, on) =>
  send(on ? 'POST' : 'DELETE', `/api/messages/${part(id)}/reactions`, { emoji });

/** @param {string} channelId @param {string} userId @returns {Promise<string[]>} who is in it now */
export const join = (channelId, userId) =>
  send('POST', `/api/channels/${part(channelId)}/members`, { userId });

/** @param {string} channelId @param {string} messageId */
export const markRead = (channelId, messageId) =>
  send('POST', '/api/unreads/mark-read', { channelId, messageId });
