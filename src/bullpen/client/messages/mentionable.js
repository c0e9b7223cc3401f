// Whom and what messages may name. Made anew only when a name changes: presence does so all the time.

import { computed } from '@preact/signals';
import { own } from '../core/bare.js';
import { isDirect } from '../core/kinds.js';
import { state } from '../core/store/store.js';
import { groups, mentionsIn, namesOf, namesOfUsers } from './mentions.js';

/** @import { UserGroup } from '../core/types.js' */

const people = computed(() => {
  const { users, memberIds } = state.value;
  const active = new Set(memberIds);
  return JSON.stringify(
    Object.values(users).map(({ id, displayName }) => ({ id, name: displayName, active: active.has(id) })),
  );
});
const rooms = computed(() => {
  const named = Object.values(state.value.channels ?? {}).filter((one) => !isDirect(one));
  return JSON.stringify(named.map(({ id, name }) => ({ id, name })));
});

const handles = computed(() => {
  const known = Object.values(state.value.userGroups);
  return JSON.stringify(known.map(({ id, handle }) => ({ id: `@${id}`, handle })));
});

export const userNames = computed(() => namesOfUsers(JSON.parse(people.value), JSON.parse(handles.value)));
export const channelNames = computed(() => namesOf(JSON.parse(rooms.value)));

/** The users whom a text mentions by name. @param {string} text */
export const usersIn = (text) => mentionsIn(text, userNames.value).filter(({ id }) => !id.startsWith('@'));

/** @param {string} id as mentions have it */
export const userGroupOf = (id) => own(state.value.userGroups, id.slice(1));

/** The user groups that a text mentions, each once. @param {string} text @returns {UserGroup[]} */
export const userGroupsIn = (text) =>
  [...new Set(mentionsIn(text, userNames.value).map(({ id }) => id))].flatMap((id) => userGroupOf(id) ?? []);

/** Which of `@channel` and `@here` a text has. @param {string} text @returns {string[]} */
export const groupsIn = (text) =>
  mentionsIn(text, userNames.value).flatMap(({ id }) => (groups.includes(id) ? [id] : []));
