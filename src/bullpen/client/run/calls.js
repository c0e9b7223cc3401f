// The tool calls of a step, each with what was answered: their names, how long they took and whether they failed.

/** @import { RunMessage } from '../core/types.js' */

/** @typedef {{ id: string, toolName: string, span: number | null, failed: boolean, call: RunMessage, answer: RunMessage | null }} Call */

/** @param {RunMessage[]} messages of a step, in order @returns {Call[]} */
export function callsOf(messages) {
  /** @type {Call[]} */
  const calls = [];
  /** @type {Call | null} */
  let open = null;
  for (const message of messages) {
    if (message.messageType === 'tool_call_message') {
      open = callOf(message);
      calls.push(open);
    } else if (message.messageType === 'tool_return_message' && open) {
      open.answer = message;
      open.span = Math.max(0, at(message) - at(open.call));
      open.failed = message.content.startsWith('Error: ');
      open = null;
    }
  }
  return calls;
}

/** @param {RunMessage} call @returns {Call} one that is hidden has no name */
function callOf(call) {
  return { id: call.id, toolName: call.toolName ?? 'hidden', span: null, failed: false, call, answer: null };
}

/** @param {RunMessage} message */
const at = (message) => new Date(message.createdAt).getTime();
