import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { isTeam } from '../core/mode.js';
import { sentenceOf } from '../core/refusals.js';
import { session, userOf } from '../core/store/store.js';
import { distanceLabel } from '../core/time-format.js';
import { Avatar } from '../ui/Avatar.js';
import { ConfirmButton } from '../ui/ConfirmButton.js';
import { CopyField } from '../ui/CopyField.js';
import { Icon } from '../ui/Icon.js';
import { PictureField } from '../ui/PictureField.js';
import { pathOfPicture, pictureOf } from '../ui/picture-paths.js';
import { useSave } from '../ui/use-save.js';
import { changePerson, makeResetLink, signOutPerson } from './requests.js';
import { mayManage, roleName, rolesToGive } from './roles.js';

/** @import { Me, Person, Role, User } from '../core/types.js' */

/** @param {{ person: Person, me: Me | null, changed: (person: Person) => void }} props */
export function PersonRow({ person, me, changed }) {
  const open = useSignal(false);
  const isMe = person.id === session.value?.userId;
  const manageable = mayManage(me?.role, person.role);
  const seen = person.lastSeenAt
    ? t('Seen {time}', { time: distanceLabel(new Date(person.lastSeenAt), new Date()) })
    : t('Not seen yet');
  const panel = `person-${person.id}`;
  return html`
    <li class="facts-list__row person">
      <span class="person__who">
        <${Avatar} user=${{ ...userOf(person.id), ...person }} size=${36} />
        <span class="rows__text">
          <span class="facts-list__name" dir="auto">${person.displayName} ${isMe && html`<span class="chip">${t('You')}</span>`}</span>
          <span class="rows__detail" dir="auto">${[person.email, person.title, person.isActive ? seen : t('Deactivated')].filter(Boolean).join(' · ')}</span>
        </span>
      </span>
      <span class="person__role">${roleName(person.role)}</span>
      ${
        manageable
          ? html`<button class="button button--small button--quiet" type="button" aria-expanded=${open.value} aria-controls=${panel} aria-label=${t('Manage {name}', { name: person.displayName })} onClick=${() => {
              open.value = !open.value;
            }}>${t('Manage')}<${Icon} name="chevron-down" size=${14} /></button>`
          : html`<span></span>`
      }
      ${open.value && html`<${Management} id=${panel} person=${person} me=${me} isMe=${isMe} changed=${changed} />`}
    </li>
  `;
}

/** @param {{ id: string, person: Person, me: Me | null, isMe: boolean, changed: (person: Person) => void }} props */
function Management({ id, person, me, isMe, changed }) {
  const saving = useSave();
  const said = useSignal('');
  const link = useSignal('');
  const { displayName } = person;

  /** @param {{ role?: Role, isActive?: boolean }} change @param {string} done */
  async function change(change, done) {
    said.value = '';
    const answer = await saving.save(() => changePerson(person.id, change));
    if (!answer) return;
    changed(answer);
    said.value = done;
  }

  /** @param {User} user */
  function pictureChanged(user) {
    const { picture: _before, ...others } = person;
    changed({ ...others, ...pictureOf(user) });
  }

  return html`
    <div class="person__manage" id=${id}>
      <${PictureField} face=${html`<${Avatar} user=${{ ...userOf(person.id), ...person }} size=${64} />`} path=${pathOfPicture(person.id)} what=${t('the picture of {name}', { name: displayName })} has=${person.picture !== undefined} changed=${pictureChanged} />
      <label class="person__choice"><span class="field__label">${t('Role')}</span>
        <select class="input" value=${person.role} disabled=${saving.busy} onChange=${(
          /** @type {globalThis.Event} */ event,
        ) => {
          const select = /** @type {HTMLSelectElement} */ (event.target);
          const role = /** @type {Role} */ (select.value);
          select.value = person.role;
          change({ role }, nowWords(role, displayName));
        }}>
          ${rolesToGive(me?.role).map(({ role, name, detail }) => html`<option key=${role} value=${role} title=${detail}>${name}</option>`)}
        </select>
      </label>
      <span class="person__actions">
        ${
          isTeam &&
          html`<${ConfirmButton} icon="log-out" label=${t('Sign out everywhere')} question=${isMe ? t('Sign yourself out on all devices?') : t('Sign {name} out on all devices?', { name: displayName })} yes=${t('Sign out')} busy=${saving.busy} act=${async () => {
            said.value = '';
            if (await saving.save(() => signOutPerson(person.id)))
              said.value = t('{name} is signed out on all devices.', { name: displayName });
          }} />`
        }
        ${
          isTeam &&
          !isMe &&
          html`<button class="button button--small button--quiet" type="button" disabled=${saving.busy} onClick=${async () => {
            const made = await saving.save(() => makeResetLink(person.id));
            if (made) link.value = made.link;
          }}><${Icon} name="key-round" size=${16} />${t('Password reset link')}</button>`
        }
        ${
          person.isActive
            ? html`<${ConfirmButton} icon="ban" label=${t('Deactivate')} question=${t('Deactivate {name}? They are signed out and can’t return; what they wrote stays.', { name: isMe ? t('yourself') : displayName })} yes=${t('Deactivate')} busy=${saving.busy} act=${() => change({ isActive: false }, t('{name} is deactivated.', { name: displayName }))} />`
            : html`<button class="button button--small" type="button" disabled=${saving.busy} onClick=${() => change({ isActive: true }, t('{name} is active again.', { name: displayName }))}>${t('Reactivate')}</button>`
        }
      </span>
      ${link.value && html`<${CopyField} label=${t('Reset link for {name}', { name: displayName })} name=${`reset-${person.id}`} value=${link.value} focused />`}
      ${saving.problem && html`<p class="alert person__said" role="alert">${sentenceOf(saving.problem.failure)}</p>`}
      <span class="quiet person__said" role="status">${said.value}</span>
    </div>
  `;
}

/** @param {Role} role @param {string} name */
function nowWords(role, name) {
  if (role === 'owner') return t('{name} is an owner now.', { name });
  if (role === 'admin') return t('{name} is an admin now.', { name });
  return role === 'guest' ? t('{name} is a guest now.', { name }) : t('{name} is a member now.', { name });
}
