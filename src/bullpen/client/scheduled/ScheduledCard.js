import { addToDraft, filesOfDraft, setAlsoInChannel, setDraftFiles } from '../composer/drafts.js';
import { addressOf } from '../core/addresses.js';
import { html } from '../core/html.js';
import { isDirect } from '../core/kinds.js';
import { t } from '../core/language.js';
import { reasonOf } from '../core/refusals.js';
import { go } from '../core/router.js';
import { channels, titleOf } from '../core/store/store.js';
import { momentLabel } from '../core/time-format.js';
import { cardAction } from '../messages/MessageCard.js';
import { MessageText } from '../messages/MessageText.js';
import { focusComposer } from '../messages/quoting.js';
import { Icon } from '../ui/Icon.js';
import { say } from '../ui/prompts.js';
import { cancelPost, sendPostNow } from './requests.js';

/** @import { ScheduledPost } from '../core/types.js' */

/** @param {{ post: ScheduledPost }} props */
export function ScheduledCard({ post }) {
  const { id, channelId, parentMessageId = null, alsoInChannel, text, sendAt, files, problem } = post;
  const channel = channels.value?.[channelId];
  const where = channel
    ? isDirect(channel)
      ? t('Direct message with {names}', { names: titleOf(channel) })
      : titleOf(channel)
    : channelId;

  async function sendNow() {
    try {
      await sendPostNow(id);
      say(t('Sent to {where}', { where }));
    } catch (error) {
      say(t('Couldn’t send the message: {reason}.', { reason: reasonOf(error) }));
    }
  }

  /** Its text goes back to where it was written. */
  async function cancel() {
    try {
      const before = await cancelPost(id);
      const place = { channelId, parentMessageId };
      if (before.text !== '') addToDraft(place, before.text);
      if (before.files) setDraftFiles(place, [...filesOfDraft(place), ...before.files]);
      if (before.alsoInChannel) setAlsoInChannel(place, true);
      if (!channel) return say(t('Canceled'));
      go(addressOf(channel, parentMessageId));
      focusComposer(place);
    } catch (error) {
      say(t('Couldn’t cancel the message: {reason}.', { reason: reasonOf(error) }));
    }
  }

  return html`
    <li class="message-card message-card--scheduled">
      <span class="message-card__gone" aria-hidden="true"><${Icon} name=${problem ? 'circle-alert' : 'clock'} size=${18} /></span>
      <div>
        <p class="message-card__head">
          ${channel ? html`<a class="message-card__author" href=${addressOf(channel, parentMessageId)} dir="auto">${where}</a>` : html`<span class="message-card__author">${where}</span>`}
          <span class="message-card__detail">${parentMessageId ? `${alsoInChannel ? t('in a thread and the channel') : t('in a thread')} · ` : ''}<time datetime=${sendAt}>${momentLabel(new Date(sendAt), new Date())}</time></span>
        </p>
        <div class="message-card__text"><${MessageText} text=${text} /></div>
        ${files && html`<p class="message-card__detail">${files.map(({ name }) => name).join(', ')}</p>`}
        ${problem && html`<p class="message-card__problem" role="alert">${t('Not sent. {problem}', { problem })}</p>`}
      </div>
      <div class="message-card__actions">
        <button class="icon-button" type="button" aria-label=${t('Edit')} aria-haspopup="dialog" data-tip=${t('Edit text or time')} data-dialog="scheduled-post" data-about=${id}><${Icon} name="pencil" size=${16} /></button>
        ${cardAction(t('Send now'), 'send-horizontal', sendNow)}
        ${cardAction(t('Cancel and edit in the conversation'), 'undo-2', cancel)}
      </div>
    </li>
  `;
}
