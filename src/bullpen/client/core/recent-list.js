// Short lists that this browser keeps from one visit to the next, the newest first, each user's own.
import { readEntry, writeEntry } from './storage.js';
import { session } from './store/store.js';

/** @param {string} name */
const placeOf = (name) => `bullpen.${name}:${session.peek()?.userId}`;

/** @param {string} name @returns {string[]} */
export function remembered(name) {
  const list = readEntry(placeOf(name));
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [];
}

/** @param {string} name @param {string} item @param {number} most */
export function remember(name, item, most) {
  const others = remembered(name).filter((other) => other !== item);
  writeEntry(placeOf(name), [item, ...others].slice(0, most));
}

/** @param {string} name */
export function forget(name) {
  writeEntry(placeOf(name), []);
}
