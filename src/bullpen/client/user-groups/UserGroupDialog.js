import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { useMayAdminister } from '../account/use-may-administer.js';
import { PeoplePicker } from '../channels/PeoplePicker.js';
import { html } from '../core/html.js';
import { plural, t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';
import { addressOfMember, isGuest, state } from '../core/store/store.js';
import { activeIn } from '../core/store/user-groups.js';
import { AgentBadge } from '../ui/AgentBadge.js';
import { Avatar } from '../ui/Avatar.js';
import { ConfirmButton } from '../ui/ConfirmButton.js';
import { Dialog } from '../ui/Dialog.js';
import { openDialog } from '../ui/dialog-state.js';
import { submitOnCtrlEnter } from '../ui/Field.js';
import { discardTyped, useDraftedSignal } from '../ui/form-drafts.js';
import { Icon } from '../ui/Icon.js';
import { useSave } from '../ui/use-save.js';
import { addToUserGroup, changeUserGroup, deleteUserGroup, removeFromUserGroup } from './requests.js';
import { fieldErrors, UserGroupFields } from './UserGroupFields.js';

/** @import { UserGroup } from '../core/types.js' */

/** What a user group is called and is for, and who is in it. @param {{ about: string }} props the group's id */
export function UserGroupDialog({ about: id }) {
  const group = state.value.userGroups[id];
  const mayDelete = useMayAdminister();
  const deleting = useSave();
  if (!group) return html`<${Gone} />`;

  async function remove() {
    if (await deleting.save(() => deleteUserGroup(id))) openDialog('user-groups');
  }

  return html`
    <${Dialog} name="user-group" title=${`@${group.handle}`}>
      <div class="dialog__body">
        ${isGuest.value ? html`<p dir="auto">${group.description}</p>` : html`<${Texts} key=${id} group=${group} />`}
        <${GroupMembers} group=${group} mayChange=${!isGuest.value} />
        ${deleting.problem && html`<p class="alert" role="alert">${sentenceOf(deleting.problem.failure)}</p>`}
      </div>
      <div class="dialog__foot">
        ${
          mayDelete &&
          html`<span class="dialog__first"><${ConfirmButton} icon="trash-2" label=${t('Delete group')} question=${t('Delete the group? Messages keep their text.')} yes=${t('Delete')} busy=${deleting.busy} act=${remove} /></span>`
        }
        <button class="button button--small" type="button" onClick=${() => openDialog('user-groups')}><${Icon} name="users" size=${16} /> ${t('All user groups')}</button>
      </div>
    <//>
  `;
}

function Gone() {
  return html`
    <${Dialog} name="user-group" title=${t('User group not found')}>
      <div class="dialog__body"><p>${t('This user group was deleted.')}</p></div>
      <div class="dialog__foot">
        <button class="button button--small" type="button" autofocus onClick=${() => openDialog('user-groups')}>${t('All user groups')}</button>
      </div>
    <//>
  `;
}

/** @param {{ group: UserGroup }} props */
function Texts({ group }) {
  const handle = useDraftedSignal(`user-group-handle:${group.id}`, group.handle);
  const description = useDraftedSignal(`user-group-description:${group.id}`, group.description);
  const saved = useSignal(false);
  const saving = useSave();
  const { problem } = saving;
  const dirty = handle.value !== group.handle || description.value !== group.description;

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    const change = {
      ...(handle.value !== group.handle && { handle: handle.value }),
      ...(description.value !== group.description && { description: description.value }),
    };
    const answer = await saving.save(() => changeUserGroup(group.id, change));
    if (!answer) return;
    // The server leaves out space around them.
    if (handle.value === change.handle) discardTyped(handle, answer.handle);
    if (description.value === change.description) discardTyped(description, answer.description);
    saved.value = true;
  }

  return html`
    <form class="about__part" onSubmit=${submit} onKeyDown=${submitOnCtrlEnter} aria-label=${t('Name and description')} novalidate>
      <${UserGroupFields} handle=${handle} description=${description} problem=${problem} onInput=${() => {
        saved.value = false;
      }} />
      <div class="form__buttons">
        <span class="quiet about__said" role="status">${saved.value && !dirty ? t('Saved') : ''}</span>
        ${problem && Object.keys(fieldErrors(problem)).length === 0 && html`<span class="field__error" role="alert">${sentenceOf(problem.failure)}</span>`}
        ${
          dirty &&
          html`<button class="button button--small" type="button" disabled=${saving.busy} onClick=${() => {
            discardTyped(handle, group.handle);
            discardTyped(description, group.description);
          }}>${t('Discard changes')}</button>`
        }
        <button class="button button--main" type="submit" disabled=${!dirty || saving.busy}>${saving.busy ? t('Saving…') : t('Save')}</button>
      </div>
    </form>
  `;
}

/** @param {{ group: UserGroup, mayChange: boolean }} props */
function GroupMembers({ group, mayChange }) {
  const changing = useSave();
  const section = useRef(/** @type {HTMLElement | null} */ (null));
  const members = activeIn(group);

  /** @param {string} userId */
  const add = (userId) => changing.save(() => addToUserGroup(group.id, userId));

  /** @param {string} userId */
  async function remove(userId) {
    // The row goes, and with it what had the focus.
    if (await changing.save(() => removeFromUserGroup(group.id, userId)))
      section.current?.querySelector('input')?.focus();
  }

  return html`
    <section class="about__part" aria-labelledby="user-group-count" ref=${section}>
      <h3 class="form__title" id="user-group-count">${plural(members.length, '{count} member', '{count} members')}</h3>
      ${
        mayChange &&
        html`<${PeoplePicker} label=${t('Add people')} name="add-to-user-group" without=${group.memberIds}
          error=${changing.problem ? sentenceOf(changing.problem.failure) : undefined} pick=${add} />`
      }
      <ul class="rows" aria-labelledby="user-group-count">
        ${members.map(
          (user) => html`
            <li key=${user.id} class="rows__row">
              <${Avatar} user=${user} size=${36} presence />
              <span class="rows__text">
                <span class="rows__line"><a class="rows__name" href=${addressOfMember(user.id)} dir="auto">${user.displayName}</a><${AgentBadge} user=${user} /></span>
                <span class="rows__detail" dir="auto">${user.title}</span>
              </span>
              ${
                mayChange &&
                html`<${ConfirmButton} icon="user-minus" label=${t('Remove')} name=${user.displayName} iconOnly question=${t('Remove from the group?')} yes=${t('Remove')} busy=${changing.busy} act=${() => remove(user.id)} />`
              }
            </li>
          `,
        )}
      </ul>
    </section>
  `;
}
