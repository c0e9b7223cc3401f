import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { plural, t } from '../core/language.js';
import { compareNames } from '../core/name-order.js';
import { isGuest, state } from '../core/store/store.js';
import { activeIn } from '../core/store/user-groups.js';
import { Dialog } from '../ui/Dialog.js';
import { openDialog } from '../ui/dialog-state.js';
import { Field } from '../ui/Field.js';
import { Icon } from '../ui/Icon.js';

/** @import { UserGroup } from '../core/types.js' */

/** All user groups, to look at, change and make. */
export function UserGroups() {
  const typed = useSignal('');
  const words = typed.value.trim().replace(/^@/, '').toLowerCase();
  const all = Object.values(state.value.userGroups);
  const shown = all
    .filter(({ handle, description }) => `${handle} ${description}`.toLowerCase().includes(words))
    .toSorted((a, b) => compareNames(a.handle, b.handle));
  return html`
    <${Dialog} name="user-groups" title=${t('User groups')}>
      <div class="dialog__body">
        <p class="quiet">${t('A message mentions all members of a group by its name, such as @design: people are notified, and agents in the channel are asked.')}</p>
        ${
          all.length > 0 &&
          html`<${Field} label=${t('Find a user group')} name="find-user-group" value=${typed.value} type="search" autofocus
            onInput=${(/** @type {string} */ value) => {
              typed.value = value;
            }} />`
        }
        ${shown.length > 0 && html`<ul class="rows" aria-label=${t('User groups')}>${shown.map((group) => html`<${Row} key=${group.id} group=${group} />`)}</ul>`}
        ${shown.length === 0 && html`<p class="quiet" role="status">${all.length > 0 ? t('No user groups match.') : t('There are no user groups yet.')}</p>`}
      </div>
      <div class="dialog__foot">
        <button class="button button--small dialog__first" type="button" onClick=${() => openDialog('members')}>${t('All members')}</button>
        ${!isGuest.value && html`<button class="button button--small" type="button" onClick=${() => openDialog('new-user-group')}><${Icon} name="plus" size=${16} /> ${t('New user group')}</button>`}
      </div>
    <//>
  `;
}

/** @param {{ group: UserGroup }} props */
function Row({ group }) {
  const count = activeIn(group).length;
  const about = [plural(count, '{count} member', '{count} members'), group.description];
  return html`
    <li class="rows__row">
      <span class="switcher__symbol"><${Icon} name="users" size=${18} /></span>
      <span class="rows__text">
        <button class="rows__name rows__open" type="button" dir="auto" onClick=${() => openDialog('user-group', group.id)}>@${group.handle}</button>
        <span class="rows__detail" dir="auto">${about.filter(Boolean).join(' · ')}</span>
      </span>
    </li>
  `;
}
