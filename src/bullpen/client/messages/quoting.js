// A message within another one: what it said, who wrote it, and a link to it. It is put into the composer, where more can
// be written before it is sent.
import { addToDraft } from '../composer/drafts.js';
import { addressOf } from '../core/addresses.js';
import { channels, userOf } from '../core/store/store.js';
import { placeOf } from './message-actions.js';
import { quotation } from './quotation.js';

/** @import { Message, Place, ThreadReply } from '../core/types.js' */

/** @param {Message | ThreadReply} message @param {string} channelId where it is */
export function quotationOf(message, channelId) {
  const channel = channels.peek()?.[channelId] ?? { id: channelId, kind: 'public' };
  const { parentMessageId } = placeOf(message, channelId);
  const address = location.origin + addressOf(channel, parentMessageId, message.id);
  return quotation(message.text, userOf(message.userId).displayName, address);
}

/** Where the message is, a reply in its thread. @param {Message | ThreadReply} message @param {string} channelId */
export function quote(message, channelId) {
  const place = placeOf(message, channelId);
  addToDraft(place, quotationOf(message, channelId));
  focusComposer(place);
}

/** Once it is drawn. @param {Place} place */
export function focusComposer({ parentMessageId }) {
  requestAnimationFrame(() => {
    const area = document.querySelector(
      `${parentMessageId === null ? '#main' : '.thread'} textarea.composer__area`,
    );
    if (!(area instanceof HTMLTextAreaElement)) return;
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
  });
}
