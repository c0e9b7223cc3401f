// What the first view and the store ask the API for. What only one subject asks for is in that folder's `requests.js`.
import { get, note, request } from './http.js';

/** @import { Channel, Message, Page, Pause, ReadCursor, SavedMark, ScheduledPost, Session, SidebarCounts, ThreadReply, UnreadCounts, User, UserGroup } from './types.js' */

/** @param {string} [userId] whom to act as, where it is not the window's member @returns {Promise<Session>} */
export const getSession = async (userId) => sessionIn(await request('/api/session', {}, userId));

/** @param {string} userId @returns {Promise<Session>} */
export const putSession = async (userId) =>
  sessionIn(await request('/api/session', { method: 'PUT', body: JSON.stringify({ userId }) }));

/** @param {Response} response @returns {Promise<Session>} */
async function sessionIn(response) {
  const home = /<\/c\/([^>]*)>; rel="start"/.exec(response.headers.get('Link') ?? '')?.[1];
  const answer = await response.json();
  const [own, given] = (response.headers.get('Bullpen-Session') ?? '').split('; ');
  const session = {
    ...answer,
    homeId: home === undefined ? null : decodeURIComponent(home),
    ownId: own ? decodeURIComponent(own) : answer.userId,
    isGiven: given === 'given',
    role: /** @type {import('./types.js').Role | null} */ (response.headers.get('Bullpen-Role')),
  };
  note(session, response);
  return session;
}

/** @returns {Promise<User[]>} */
export const getUsers = () => get('/api/users');

/** @param {string} userId @returns {Promise<User>} */
export const getUser = (userId) => get(`/api/users/${encodeURIComponent(userId)}`);

/** @param {string} [userId] whom to ask as, where it is not the one that the window shows @returns {Promise<Channel[]>} */
export const getChannels = (userId) => get('/api/channels', userId);

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

/** @returns {Promise<UserGroup[]>} */
export const getUserGroups = () => get('/api/user-groups');
/** What is saved and not done. @returns {Promise<SavedMark[]>} */
export const getSavedMarks = () => get('/api/saved/marks');

/** What the current user sends later. @returns {Promise<ScheduledPost[]>} */
export const getScheduledPosts = () => get('/api/scheduled-posts');

/** @returns {Promise<Pause[]>} */
export const getPauses = () => get('/api/pauses');

/** @returns {Promise<SidebarCounts>} */
export const getSidebar = () => get('/api/sidebar');

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
