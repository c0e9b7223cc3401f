/** @import { Channel, Message, Page, Session, ThreadReply, UnreadCounts, User } from './types.js' */

export class ApiError extends Error {
  /** @param {number} status @param {string} message @param {unknown} [details] status 0 stands for no answer at all */
  constructor(status, message, details) {
    super(message);
    this.status = status;
    this.details = details;
  }
}

/** @returns {Promise<Session>} */
export const getSession = () => get('/api/session');

/** @param {string} userId */
export const putSession = (userId) =>
  request('/api/session', { method: 'PUT', body: JSON.stringify({ userId }) });

/** @returns {Promise<User[]>} */
export const getUsers = () => get('/api/users');

/** @param {string} userId @returns {Promise<User>} */
export const getUser = (userId) => get(`/api/users/${encodeURIComponent(userId)}`);

/** @returns {Promise<Channel[]>} */
export const getChannels = () => get('/api/channels');

/** @returns {Promise<UnreadCounts>} */
export const getUnreads = () => get('/api/unreads');

/** @param {string} messageId @returns {Promise<Message>} */
export const getMessage = (messageId) => get(`/api/messages/${encodeURIComponent(messageId)}`);

/** @param {string} channelId @param {string} [before] @returns {Promise<Page<Message>>} */
export const getMessages = (channelId, before) =>
  getPage(`/api/channels/${encodeURIComponent(channelId)}/messages`, before);

/** @param {string} messageId @param {string} [before] @returns {Promise<Page<ThreadReply>>} */
export const getReplies = (messageId, before) =>
  getPage(`/api/messages/${encodeURIComponent(messageId)}/replies`, before);

/** @param {string} path */
export async function get(path) {
  return (await request(path)).json();
}

/** @param {string} path @param {string} [before] */
async function getPage(path, before) {
  const response = await request(before ? `${path}?before=${encodeURIComponent(before)}` : path);
  return { items: await response.json(), hasOlder: /rel="?prev"?/.test(response.headers.get('Link') ?? '') };
}

/** @param {string} path @param {RequestInit} [init] */
export async function request(path, init) {
  const headers = {
    Accept: 'application/json',
    ...(init?.body ? { 'Content-Type': 'application/json' } : {}),
  };
  let response;
  try {
    response = await fetch(path, { ...init, headers });
  } catch {
    throw new ApiError(0, 'No answer');
  }
  if (!response.ok) {
    const body = await response.json().catch(() => null);
    throw new ApiError(response.status, body?.error ?? response.statusText, body?.details);
  }
  return response;
}
