// Who is in a user group, as people see it: members who were deactivated stay in it, and are neither notified nor asked.
import { plural, t } from '../language.js';
import { listed } from '../listed-names.js';
import { compareNames } from '../name-order.js';
import { isActive, userOf } from './store.js';

/** @import { User, UserGroup } from '../types.js' */

const mostNamed = 3;

/** @param {UserGroup} group @returns {User[]} in the order of their names */
export const activeIn = ({ memberIds }) =>
  memberIds
    .filter((id) => isActive(id) !== false)
    .map(userOf)
    .toSorted((a, b) => compareNames(a.displayName, b.displayName));

/** The first of its members, and how many others. @param {UserGroup} group */
export function membersLabel(group) {
  const names = activeIn(group).map((user) => user.displayName);
  if (names.length === 0) return t('No members');
  if (names.length <= mostNamed + 1) return listed(names);
  return plural(names.length - mostNamed, '{names} and {count} other', '{names} and {count} others', {
    names: names.slice(0, mostNamed).join(', '),
  });
}
