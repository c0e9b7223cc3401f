// Records are looked up by what somebody else wrote: ids, names, addresses. "constructor" and "__proto__" are then names
// like any other, which nobody has.

/** @import { State } from './types.js' */

const looked = /** @type {const} */ ([
  'users',
  'userGroups',
  'channels',
  'unreads',
  'cursors',
  'mentions',
  'preferences',
  'unreadThreads',
  'follows',
  'messages',
  'threads',
  'loads',
]);

/** @param {State} state one that was just made @returns {State} the same, whose records inherit nothing */
export function bare(state) {
  for (const name of looked) {
    const record = state[name];
    if (record && Object.getPrototypeOf(record) !== null) Object.setPrototypeOf(record, null);
  }
  return state;
}

/** @template T @param {Record<string, T> | null | undefined} record @param {string} key @returns {T | undefined} */
export function own(record, key) {
  return record && Object.hasOwn(record, key) ? record[key] : undefined;
}
