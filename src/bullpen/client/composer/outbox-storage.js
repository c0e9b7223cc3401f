// What was written and not confirmed, kept in this browser until the server has it: one entry a message, so that no
// window loses what another has kept.
import { keyOf, keysOf, readEntry, removeEntry, writeEntry } from '../core/storage.js';

/** @import { Pending } from '../core/types.js' */

const name = 'outbox';

/** @param {{ id: string, userId: string }} one */
const keyOfMessage = ({ id, userId }) => keyOf(name, userId, id);

/** @param {string | null} key @returns {boolean} whether it may be one of them */
export const isWaitingKey = (key) => key === null || key.startsWith(`${keyOf(name)}:`);

/** In the order in which they were written. @param {string} [userId] none: everybody's @returns {Pending[]} */
export function waitingMessages(userId) {
  return keysOf(name, ...(userId === undefined ? [] : [userId]))
    .map((key) => readEntry(key))
    .filter((one) => typeof one?.id === 'string')
    .sort((a, b) => Number(a.id > b.id) - Number(a.id < b.id));
}

/** @param {Pending} message */
export function keepWaiting(message) {
  writeEntry(keyOfMessage(message), message);
}

/** @param {{ id: string, userId: string }} one @param {Partial<Pending>} values nothing, where another window has sent it */
export function changeWaiting(one, values) {
  const known = readEntry(keyOfMessage(one));
  if (known) writeEntry(keyOfMessage(one), { ...known, ...values });
}

/** @param {{ id: string, userId: string }} one */
export function dropWaiting(one) {
  removeEntry(keyOfMessage(one));
}

/** All of a user's were one entry once, which windows wrote over each other's. @param {string} userId */
export function takeOldWaiting(userId) {
  const old = `bullpen.outbox.${userId}`;
  const all = readEntry(old);
  if (!Array.isArray(all)) return;
  for (const one of all)
    if (one?.id && readEntry(keyOfMessage({ ...one, userId })) === null) keepWaiting({ ...one, userId });
  removeEntry(old);
}
