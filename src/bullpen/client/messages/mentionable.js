// Whom and what messages may name. Made anew only when a name changes: presence does so all the time.

import { computed } from '@preact/signals';
import { isDirect } from '../core/kinds.js';
import { state } from '../core/store/store.js';
import { groups, mentionsIn, namesOf, namesOfUsers } from './mentions.js';

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

export const userNames = computed(() => namesOfUsers(JSON.parse(people.value)));
export const channelNames = computed(() => namesOf(JSON.parse(rooms.value)));

/** The users whom a text mentions, without groups. @param {string} text */
export const usersIn = (text) => mentionsIn(text, userNames.value).filter(({ id }) => !groups.includes(id));

/** The groups that a text mentions. @param {string} text @returns {string[]} */
export const groupsIn = (text) =>
  mentionsIn(text, userNames.value).flatMap(({ id }) => (groups.includes(id) ? [id] : []));
