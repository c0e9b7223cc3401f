// Events of the stream, and the user's own actions, joined to the loads of core/store/state.js.

import {
  caughtUp,
  reacted,
  withEvent,
  withMessage,
  withNewMessage,
  withoutMessage,
  withoutTyping,
} from './events.js';
import { apply } from './state.js';

/** @import { Event, Page, State } from '../types.js' */

/** @param {State} state @param {Event} event @returns {State} */
export function applyLive(state, event) {
  const next = applied(state, event);
  // What happened between an answer's reading and its arrival may be in neither.
  return 'asOf' in event && event.asOf !== undefined ? caughtUp(next, event.asOf) : next;
}

/** @param {State} state @param {Event} event @returns {State} */
function applied(state, event) {
  switch (event.type) {
    case 'message.sent':
      return hasArrived(state, event.message.id) ? state : withNewMessage(state, event);
    case 'message.edited':
      return withMessage(state, event, event.messageId, (message) => ({ ...message, text: event.text }));
    case 'message.gone':
      return withoutMessage(state, event, event.messageId);
    case 'reaction.toggled':
      return withMessage(state, event, event.messageId, (message) => ({
        ...message,
        reactions: reacted(message.reactions, event.emoji, event.userId, event.on),
      }));
    case 'typing.ended':
      return { ...state, typing: withoutTyping(state, event.agentId, event) };
    case 'stream.began':
      return { ...state, kept: { after: event.after, events: [] } };
    case 'stream.events':
      return event.events.reduce(withEvent, state);
    case 'stream.reset':
      return outdated(state);
    default:
      return apply(state, event);
  }
}

/** The answer to a message may come after the events about it. */
function hasArrived(/** @type {State} */ { kept }, /** @type {string} */ messageId) {
  return (
    kept?.events.some(
      (event) =>
        (event.type === 'message.created' && event.message.id === messageId) ||
        (event.type === 'message.deleted' && event.messageId === messageId),
    ) ?? false
  );
}

/** Events that would lead from here to now are not to be had: what is shown stays until there are fresh answers. */
function outdated(/** @type {State} */ state) {
  /** @template T @param {Page<T>} page @returns {Page<T>} */
  const stale = (page) => ({ ...page, stale: true });
  return {
    ...state,
    kept: null,
    counted: null,
    threadsCounted: null,
    typing: [],
    messages: mapped(state.messages, stale),
    threads: mapped(state.threads, (thread) => ({ ...thread, replies: stale(thread.replies) })),
  };
}

/** @template T @param {Record<string, T>} record @param {(value: T) => T} change @returns {Record<string, T>} */
function mapped(record, change) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
