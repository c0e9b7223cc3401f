import { flush } from '../composer/outbox.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { editing } from '../core/late-components.js';
import { Icon } from '../ui/Icon.js';
import { dropEdit, keepEdit } from './edit-outbox.js';
import { edits } from './unsaved-edits.js';

/** @import { Message, ThreadReply } from '../core/types.js' */

const words = {
  writing: t('Unsaved changes.'),
  sending: '',
  waiting: t('Your changes will be saved when you’re back online.'),
  failed: t('Couldn’t save your changes.'),
  gone: '',
};

/** What became of a change that the server does not have. @param {{ message: Message | ThreadReply, channelId: string, here: string }} props */
export function EditNote({ message, channelId, here }) {
  const edit = edits.value[message.id];
  if (!edit || words[edit.status] === '') return null;
  const { status, error, text } = edit;

  function tryAgain() {
    keepEdit(message, channelId, text, 'sending');
    flush();
  }

  return html`
    <p class=${`pending pending--${status === 'waiting' ? 'waiting' : 'failed'}`} role=${status === 'failed' ? 'alert' : 'status'}>
      <${Icon} name=${status === 'waiting' ? 'wifi-off' : 'circle-alert'} size=${14} />
      <span>${[words[status], error].filter(Boolean).join(' ')}</span>
      ${status === 'waiting' && html`<button class="pending__act" type="button" onClick=${tryAgain}>${t('Try again')}</button>`}
      <button class="pending__act" type="button" onClick=${() => {
        keepEdit(message, channelId, text, 'writing');
        editing.value = here;
      }}>${t('Edit')}</button>
      <button class="pending__act" type="button" onClick=${() => dropEdit(message.id)}>${t('Discard')}</button>
    </p>
  `;
}
