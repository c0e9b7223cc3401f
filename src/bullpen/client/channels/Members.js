import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { compareNames } from '../core/name-order.js';
import { sentenceOf } from '../core/refusals.js';
import { addressOfMember, isGuest, members } from '../core/store/store.js';
import { presenceWords } from '../shell/Header.js';
import { AgentBadge } from '../ui/AgentBadge.js';
import { Avatar } from '../ui/Avatar.js';
import { Dialog } from '../ui/Dialog.js';
import { openDialog } from '../ui/dialog-state.js';
import { Field } from '../ui/Field.js';
import { Icon } from '../ui/Icon.js';
import { useInactive } from './use-inactive-members.js';

/** @import { User } from '../core/types.js' */

/** All members of the workspace, those who were deactivated last. */
export function Members() {
  const typed = useSignal('');
  const inactive = useInactive();
  const words = typed.value.trim().toLowerCase();
  /** @param {User[]} users */
  const shown = (users) =>
    users
      .filter(({ id, displayName, title }) => `${displayName} ${title} ${id}`.toLowerCase().includes(words))
      .toSorted((a, b) => compareNames(a.displayName, b.displayName));
  const active = shown(members.value);
  const others = shown(inactive.data ?? []);
  return html`
    <${Dialog} name="members" title=${t('Members')}>
      <div class="dialog__body">
        <${Field} label=${t('Find a member')} name="find-member" value=${typed.value} type="search" autofocus
          onInput=${(/** @type {string} */ value) => {
            typed.value = value;
          }} />
        ${active.length > 0 && html`<${List} title=${t('Active')} users=${active} />`}
        ${others.length > 0 && html`<${List} title=${t('Inactive')} users=${others} inactive />`}
        ${inactive.failure && html`<p class="alert" role="alert">${t('Couldn’t load inactive members. {reason}', { reason: sentenceOf(inactive.failure) })}</p>`}
        ${active.length + others.length === 0 && !inactive.busy && html`<p class="quiet" role="status">${t('No members match.')}</p>`}
      </div>
      ${
        !isGuest.value &&
        html`<div class="dialog__foot">
          <button class="button button--small" type="button" onClick=${() => openDialog('user-groups')}><${Icon} name="users" size=${16} /> ${t('User groups')}</button>
        </div>`
      }
    <//>
  `;
}

/** @param {{ title: string, users: User[], inactive?: boolean }} props */
function List({ title, users, inactive = false }) {
  const id = `members-${title}`;
  return html`
    <section class="about__part" aria-labelledby=${id}>
      <h3 class="form__title" id=${id}>${title} <span class="section-title__count">${users.length}</span></h3>
      <ul class="rows" aria-labelledby=${id}>
        ${users.map(
          (user) => html`
            <li key=${user.id} class="rows__row">
              <${Avatar} user=${user} size=${36} presence=${!inactive} />
              <span class="rows__text">
                <span class="rows__line"><a class="rows__name" href=${addressOfMember(user.id)} dir="auto">${user.displayName}</a><${AgentBadge} user=${user} /></span>
                <span class="rows__detail" dir="auto">${[inactive ? t('Inactive') : presenceWords[user.presence], user.title].filter(Boolean).join(' · ')}</span>
              </span>
            </li>
          `,
        )}
      </ul>
    </section>
  `;
}
