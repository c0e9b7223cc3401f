import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';
import { channels, session } from '../core/store/store.js';
import { settle } from '../ui/after-save.js';
import { Dialog } from '../ui/Dialog.js';
import { closeDialog, dialog } from '../ui/dialog-state.js';
import { submitOnCtrlEnter } from '../ui/Field.js';
import { useDraftedSignal } from '../ui/form-drafts.js';
import { useSave } from '../ui/use-save.js';
import { Chosen } from './Chosen.js';
import { openGroup } from './direct-messages.js';
import { PeoplePicker } from './PeoplePicker.js';

// As members/kinds.py has it, apart from oneself.
const mostOthers = 8;

/** @type {string[]} */
const nobody = [];

/** Begins a conversation with several members, or goes to the one that they have. It is about the conversation whose members are chosen to begin with. */
export function NewGroup() {
  const me = session.value?.userId ?? '';
  const from = channels.peek()?.[dialog.value?.about ?? ''];
  const known = from?.memberIds.filter((id) => id !== me) ?? nobody;
  const chosen = useDraftedSignal(`new-group:${from?.id ?? ''}`, known);
  const opening = useSave();
  const isFull = chosen.value.length >= mostOthers;

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    const sent = chosen.value;
    if (sent.length === 0) return;
    if (await opening.save(() => openGroup(sent).then(() => true))) settle(chosen, sent, known);
  }

  function cancel() {
    chosen.value = known;
    closeDialog();
  }

  return html`
    <${Dialog} name="new-group" title=${t('New group message')}>
      <form class="dialog__form" onSubmit=${submit} onKeyDown=${submitOnCtrlEnter} aria-label=${t('New group message')} novalidate>
        <div class="dialog__body">
          <${PeoplePicker} label=${t('To')} name="group-members" without=${[me, ...chosen.value]} autofocus submits disabled=${isFull}
            hint=${isFull ? t('These are as many as a group message can have. Create a channel for more people.') : t('Up to {mostOthers} people and agents. They stay the same, and nobody else sees the conversation.', { mostOthers })}
            pick=${(/** @type {string} */ id) => {
              chosen.value = [...chosen.value, id];
            }} />
          ${chosen.value.length > 0 && html`<${Chosen} ids=${chosen} />`}
          ${opening.problem && html`<p class="alert" role="alert">${sentenceOf(opening.problem.failure)}</p>`}
        </div>
        <div class="dialog__foot">
          <button class="button button--small" type="button" onClick=${cancel}>${t('Cancel')}</button>
          <button class="button button--main" type="submit" disabled=${opening.busy || chosen.value.length === 0}>${opening.busy ? t('Opening…') : t('Open conversation')}</button>
        </div>
      </form>
    <//>
  `;
}
