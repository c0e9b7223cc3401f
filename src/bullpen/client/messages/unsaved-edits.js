// Changes of one's own messages that the server does not have yet, by the message's id.
import { signal } from '@preact/signals';

/**
 * @typedef {{
 *   messageId: string, userId: string, channelId: string, parentMessageId: string | null, before: string, text: string,
 *   status: 'writing' | 'sending' | 'waiting' | 'failed' | 'gone', error: string
 * }} Edit  `before`: what the message said; `gone`: the message was deleted
 */

export const edits = signal(/** @type {Record<string, Edit>} */ ({}));

/** What a message is shown to say: its author sees a change at once. @param {{ text: string }} message @param {Edit | undefined} edit */
export function shownText({ text }, edit) {
  return edit?.status === 'sending' || edit?.status === 'waiting' ? edit.text : text;
}
