// What is asked of the API about user groups. Its answers are put in the store at once, before their events come.
import { getUserGroups } from '../core/api.js';
import { numberOf, send } from '../core/http.js';
import { dispatch } from '../core/store/store.js';

/** @import { UserGroup } from '../core/types.js' */

/** @param {string} id */
const path = (id) => `/api/user-groups/${encodeURIComponent(id)}`;

/** @template T @param {T} answer */
async function shown(answer) {
  const groups = await getUserGroups();
  dispatch({ type: 'userGroups', groups, asOf: numberOf(groups) });
  return answer;
}

/** @param {{ handle: string, description: string, memberIds: string[] }} group @returns {Promise<UserGroup>} */
export const createUserGroup = async (group) => shown(await send('POST', '/api/user-groups', group));

/** @param {string} id @param {{ handle?: string, description?: string }} change @returns {Promise<UserGroup>} */
export const changeUserGroup = async (id, change) => shown(await send('PATCH', path(id), change));

/** @param {string} id @returns {Promise<UserGroup>} as it was */
export const deleteUserGroup = async (id) => shown(await send('DELETE', path(id)));

/** @param {string} id @param {string} userId @returns {Promise<UserGroup>} */
export const addToUserGroup = async (id, userId) =>
  shown(await send('PUT', `${path(id)}/members/${encodeURIComponent(userId)}`));

/** @param {string} id @param {string} userId @returns {Promise<UserGroup>} */
export const removeFromUserGroup = async (id, userId) =>
  shown(await send('DELETE', `${path(id)}/members/${encodeURIComponent(userId)}`));
