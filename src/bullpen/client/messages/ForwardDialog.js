import { addToDraft } from '../composer/drafts.js';
import { addressOf } from '../core/addresses.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { go } from '../core/router.js';
import { Switcher } from '../shell/Switcher.js';
import { closeDialog } from '../ui/dialog-state.js';
import { focusComposer, quotationOf } from './quoting.js';
import { getMessage } from './requests.js';

/** @import { Channel } from '../core/types.js' */

/** Where a message is forwarded to: it is quoted in the composer there. @param {{ about: string }} props id of the message */
export function ForwardDialog({ about: messageId }) {
  /** @param {Channel} channel */
  async function pick(channel) {
    const message = await getMessage(messageId);
    const place = { channelId: channel.id, parentMessageId: null };
    addToDraft(place, quotationOf(message, message.channelId));
    closeDialog();
    go(addressOf(channel));
    focusComposer(place);
  }

  return html`<${Switcher} onward=${{ title: t('Forward message'), label: t('Forward to:'), pick }} />`;
}
