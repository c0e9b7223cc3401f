// Events as they arrive, for pages that show more than the store holds (an agent's runs, for example).

/** @import { LogEvent } from '../types.js' */

/** @type {Set<(event: LogEvent) => void>} */
const listeners = new Set();

/** @param {(event: LogEvent) => void} listener @returns {() => void} stops */
export function onEvent(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** @param {LogEvent[]} events */
export function publish(events) {
  for (const event of events) for (const listener of listeners) listener(event);
}
