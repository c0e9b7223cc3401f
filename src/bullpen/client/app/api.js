/** @import { Channel, Message, Page, ReadCursor, Session, ThreadReply, UnreadCounts, User } from './types.js' */

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

/** @typedef {{ before?: string, after?: string, around?: string }} Beside  a message that the page is to be next to */

/** @param {string} channelId @param {Beside} [beside] @returns {Promise<Page<Message>>} */
export const getMessages = (channelId, beside) =>
  getPage(`/api/channels/${encodeURIComponent(channelId)}/messages`, beside);

/** @param {string} messageId @param {Beside} [beside] @returns {Promise<Page<ThreadReply>>} */
export const getReplies = (messageId, beside) =>
  getPage(`/api/messages/${encodeURIComponent(messageId)}/replies`, beside);

/** @returns {Promise<Record<string, ReadCursor>>} */
export const getCursors = () => get('/api/unreads/cursors');

/** The event up to which each answer is complete. @type {WeakMap<object, number>} */
const numbers = new WeakMap();

/** @param {object} answer */
export function numberOf(answer) {
  return numbers.get(answer);
}

/** @param {object} answer @param {Response} response */
function note(answer, response) {
  const number = Number(response.headers.get('X-Event-Id') ?? Number.NaN);
  if (Number.isInteger(number)) numbers.set(answer, number);
}

/** @param {string} path */
export async function get(path) {
  const response = await request(path);
  const answer = await response.json();
  if (answer !== null && typeof answer === 'object') note(answer, response);
  return answer;
}

/** @param {string} path @param {Beside} [beside] */
async function getPage(path, beside) {
  const query = new URLSearchParams(/** @type {Record<string, string>} */ (beside ?? {})).toString();
  const response = await request(query ? `${path}?${query}` : path);
  const link = response.headers.get('Link') ?? '';
  const page = {
    items: await response.json(),
    hasOlder: /rel="?prev"?/.test(link),
    hasNewer: /rel="?next"?/.test(link),
  };
  note(page, response);
  return page;
}

/** @param {string} method @param {string} path @param {unknown} [body] */
export async function send(method, path, body) {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  return (await request(path, init)).json();
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
