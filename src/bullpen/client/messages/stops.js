// One Stop ends runs that were to answer several messages: that is said once, at the newest of these messages.
import { stopsOf } from '../core/store/stopped-runs.js';

/** @import { Message, StoppedRun, ThreadReply } from '../core/types.js' */

/**
 * What is said at which message, by its id.
 * @param {(Message | ThreadReply)[]} messages of one conversation, oldest first
 * @returns {Map<string, StoppedRun[]>}
 */
export function stopsAt(messages) {
  /** @type {Map<string, { at: string, runs: StoppedRun[] }>} */
  const stops = new Map();
  for (const message of messages) {
    for (const { stopped, at } of stopsOf(message)) {
      const known = stops.get(at)?.runs ?? [];
      stops.set(at, { at: message.id, runs: [...known, stopped] });
    }
  }
  /** @type {Map<string, StoppedRun[]>} */
  const found = new Map();
  for (const { at, runs } of stops.values()) found.set(at, [...(found.get(at) ?? []), ...runs]);
  return found;
}
