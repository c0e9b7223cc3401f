import { addressOf } from '../core/addresses.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { channels } from '../core/store/store.js';
import { plainText } from './plain-text.js';

/** @import { Message, ThreadReply } from '../core/types.js' */

/**
 * Of a reply that is also in its channel: in the list, the message that it replies to, which leads to the thread; in
 * the thread, that it is in the channel, too.
 * @param {{ message: Message | ThreadReply, channelId: string, inThread: boolean }} props
 */
export function RepliedTo({ message, channelId, inThread }) {
  const channel = channels.value?.[channelId] ?? { id: channelId, kind: 'public' };
  const { id, repliedTo, parentMessageId = null } = message;
  const [address, words] = inThread
    ? [addressOf(channel, null, id), t('Also sent to the channel')]
    : [addressOf(channel, parentMessageId, id), t('Replied to a thread')];
  const about = inThread ? '' : plainText(repliedTo?.text ?? '');
  return html`<p class="message__replied">
    <a href=${address} tabindex="-1" data-roving>${words}${about && html`: <span dir="auto">${about}</span>`}</a>
  </p>`;
}
