import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { state } from '../core/store/store.js';
import { Dialog } from '../ui/Dialog.js';
import { closeDialog } from '../ui/dialog-state.js';
import { TimeChoices } from '../ui/TimeChoices.js';
import { wordsFor } from './SavedSign.js';
import { remindOf } from './saving.js';

/** When to be reminded of a message, which saves it. @param {{ about: string }} props id of the message */
export function RemindDialog({ about: messageId }) {
  const busy = useSignal(false);
  const mark = state.value.saved[messageId];
  const remindAt = mark?.remindAt && !mark.isDue ? new Date(mark.remindAt) : null;

  /** @param {Date | null} at */
  async function choose(at) {
    busy.value = true;
    if (await remindOf(messageId, at)) closeDialog();
    busy.value = false;
  }

  return html`
    <${Dialog} name="remind" title=${t('Remind me of this message')}>
      <div class="dialog__body">
        ${mark?.remindAt && html`<p class="quiet">${wordsFor(mark)}.</p>`}
        <${TimeChoices} action=${t('Remind me')} busy=${busy.value} choose=${choose} initial=${remindAt} />
        ${mark?.remindAt && html`<button class="button button--small" type="button" disabled=${busy.value} onClick=${() => choose(null)}>${t('Remove the reminder')}</button>`}
      </div>
    <//>
  `;
}
