import { Chosen } from '../channels/Chosen.js';
import { PeoplePicker } from '../channels/PeoplePicker.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';
import { settle } from '../ui/after-save.js';
import { Dialog } from '../ui/Dialog.js';
import { openDialog } from '../ui/dialog-state.js';
import { submitOnCtrlEnter } from '../ui/Field.js';
import { useDraftedSignal } from '../ui/form-drafts.js';
import { useSave } from '../ui/use-save.js';
import { createUserGroup } from './requests.js';
import { fieldErrors, UserGroupFields } from './UserGroupFields.js';

export function NewUserGroup() {
  const handle = useDraftedSignal('new-user-group:handle', '');
  const description = useDraftedSignal('new-user-group:description', '');
  const memberIds = useDraftedSignal('new-user-group:members', /** @type {string[]} */ ([]));
  const saving = useSave();
  const { problem } = saving;

  function cancel() {
    handle.value = '';
    description.value = '';
    memberIds.value = [];
    openDialog('user-groups');
  }

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    const sent = { handle: handle.value, description: description.value, memberIds: memberIds.value };
    const made = await saving.save(() => createUserGroup(sent));
    if (!made) return;
    settle(handle, sent.handle, '');
    settle(description, sent.description, '');
    settle(memberIds, sent.memberIds, []);
    openDialog('user-group', made.id);
  }

  return html`
    <${Dialog} name="new-user-group" title=${t('New user group')}>
      <form class="dialog__form" onSubmit=${submit} onKeyDown=${submitOnCtrlEnter} aria-label=${t('New user group')} novalidate>
        <div class="dialog__body">
          <${UserGroupFields} handle=${handle} description=${description} problem=${problem} autofocus />
          <${PeoplePicker} label=${t('Members')} name="user-group-members" without=${memberIds.value} hint=${t('People and agents.')}
            pick=${(/** @type {string} */ id) => {
              memberIds.value = [...memberIds.value, id];
            }} />
          ${memberIds.value.length > 0 && html`<${Chosen} ids=${memberIds} />`}
          ${problem && Object.keys(fieldErrors(problem)).length === 0 && html`<p class="alert" role="alert">${sentenceOf(problem.failure)}</p>`}
        </div>
        <div class="dialog__foot">
          <button class="button button--small" type="button" onClick=${cancel}>${t('Cancel')}</button>
          <button class="button button--main" type="submit" disabled=${saving.busy}>${saving.busy ? t('Creating…') : t('Create')}</button>
        </div>
      </form>
    <//>
  `;
}
