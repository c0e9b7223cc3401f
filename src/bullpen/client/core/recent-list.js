// Short lists that this browser keeps from one visit to the next, the newest first, each user's own.
import { session } from './store/store.js';

/** @param {string} name */
const placeOf = (name) => `bullpen.${name}:${session.peek()?.userId}`;

/** @param {string} name @returns {string[]} */
export function remembered(name) {
  try {
    const list = JSON.parse(localStorage.getItem(placeOf(name)) ?? '[]');
    return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [];
  } catch {
    return [];
  }
}

/** @param {string} name @param {string} item @param {number} most */
export function remember(name, item, most) {
  keep(name, [item, ...remembered(name).filter((other) => other !== item)].slice(0, most));
}

/** @param {string} name */
export function forget(name) {
  keep(name, []);
}

/** @param {string} name @param {string[]} list */
function keep(name, list) {
  try {
    localStorage.setItem(placeOf(name), JSON.stringify(list));
  } catch {
    // A browser that stores nothing remembers nothing.
  }
}
