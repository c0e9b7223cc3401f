// Opens "Why?" of a message, and tells which one is open: it stands in the address, so that it can be shared.
import { go, query, route } from '../core/router.js';
import { state, userOf } from '../core/store/store.js';

/** @import { Message, ThreadReply } from '../core/types.js' */

/** @param {string} messageId @returns {string} the address of what is shown now, with "Why?" of the message beside it */
export function addressOfWhy(messageId) {
  // Anew whenever the address changes.
  void route.value;
  return `${location.pathname}?why=${encodeURIComponent(messageId)}`;
}

/** Whether there is something to say: an agent wrote it, or reacted to it. @param {Message | ThreadReply} message */
export function hasWhy(message) {
  const isAgent = (/** @type {string} */ id) => userOf(id).kind === 'agent';
  return isAgent(message.userId) || message.reactions.some(({ userIds }) => userIds.some(isAgent));
}

/** W at a message that has the focus. @param {KeyboardEvent} event */
export function openWhyOnKey(event) {
  if (event.key.toLowerCase() !== 'w' || event.ctrlKey || event.metaKey || event.altKey) return;
  const row =
    event.target instanceof HTMLElement && event.target.matches('[data-message-id]') ? event.target : null;
  const id = row?.dataset.messageId;
  if (!id || !isKnown(id)) return;
  event.preventDefault();
  go(query.peek().get('why') === id ? location.pathname : addressOfWhy(id));
}

/** @param {string} id */
function isKnown(id) {
  const { messages, threads } = state.peek();
  /** @type {(Message | ThreadReply)[]} */
  const known = [
    ...Object.values(messages).flatMap(({ items }) => items),
    ...Object.values(threads).flatMap(({ root, replies }) => [root, ...replies.items]),
  ];
  return known.some((message) => message.id === id && hasWhy(message));
}
