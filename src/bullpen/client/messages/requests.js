// What is written, and what it said before.
import { get, send } from '../core/http.js';

/** @import { Message, MessageVersion, Pending, Place, ThreadFollow } from '../core/types.js' */

const part = encodeURIComponent;

/** As its author, even if the window acts as somebody else by then. @param {Pending} pending @param {AbortSignal} signal @returns {Promise<Message>} */
export const postMessage = ({ id, userId, channelId, parentMessageId, text, files, alsoInChannel }, signal) =>
  send(
    'POST',
    '/api/messages',
    {
      ...{ id, channelId, text, ...(parentMessageId && { parentMessageId }) },
      ...(alsoInChannel && { alsoInChannel }),
      ...(files?.length && { fileIds: files.map((file) => file.id) }),
    },
    userId,
    signal,
  );

/** @param {string} id @param {string} text @param {string} userId @param {AbortSignal} signal @returns {Promise<Message>} */
export const editMessage = (id, text, userId, signal) =>
  send('PATCH', `/api/messages/${part(id)}`, { text }, userId, signal);

/** A message or a reply. @param {string} id @returns {Promise<Message>} */
export const getMessage = (id) => get(`/api/messages/${part(id)}`);

/** What it said, oldest first. @param {string} id @returns {Promise<MessageVersion[]>} */
export const getVersions = (id) => get(`/api/messages/${part(id)}/versions`);

/** @param {string} id @returns {Promise<Message>} */
export const deleteMessage = (id) => send('DELETE', `/api/messages/${part(id)}`);

/** Undoes its deletion. @param {string} id @returns {Promise<Message>} */
export const restoreMessage = (id) => send('POST', `/api/messages/${part(id)}/restore`);

/** @param {string} id @param {string} emoji @param {boolean} on @returns {Promise<Message>} */
export const setReaction = (id, emoji, on) =>
  send(on ? 'POST' : 'DELETE', `/api/messages/${part(id)}/reactions`, { emoji });

/** @param {string} id @param {boolean} on @returns {Promise<Message>} */
export const setPin = (id, on) => send(on ? 'PUT' : 'DELETE', `/api/messages/${part(id)}/pin`);

/** Of a page that it links to. @param {string} id @param {string} previewId @returns {Promise<Message>} */
export const deletePreview = (id, previewId) =>
  send('DELETE', `/api/messages/${part(id)}/previews/${part(previewId)}`);

/** Whether the current user follows the thread that a message began or is in. @param {string} id @returns {Promise<ThreadFollow>} */
export const getFollowing = (id) => get(`/api/messages/${part(id)}/follow`);

/** @param {string} id @param {boolean} on @returns {Promise<ThreadFollow>} */
export const setFollowing = (id, on) => send(on ? 'PUT' : 'DELETE', `/api/messages/${part(id)}/follow`);

/** Those of a channel, newest pin first. @param {string} channelId @returns {Promise<Message[]>} */
export const getPins = (channelId) => get(`/api/channels/${part(channelId)}/pins`);

/** @param {string} channelId @param {string} messageId */
export const markRead = (channelId, messageId) =>
  send('POST', '/api/unreads/mark-read', { channelId, messageId });

/** All that is in a thread now. @param {string} channelId @param {string} threadId its first message */
export const markThreadRead = (channelId, threadId) =>
  send('POST', '/api/unreads/mark-read', { channelId, threadId });

/** A message and all after it in its channel, or a reply and all after it in its thread. @param {string} channelId @param {string} messageId */
export const markUnread = (channelId, messageId) =>
  send('POST', '/api/unreads/mark-unread', { channelId, messageId });

/** What agents do in a conversation, or are to do there. @param {Place} place @returns {Promise<string[]>} the runs */
export const cancelRuns = ({ channelId, parentMessageId }) =>
  send('POST', '/api/runs/cancel', { channelId, ...(parentMessageId && { parentMessageId }) });
