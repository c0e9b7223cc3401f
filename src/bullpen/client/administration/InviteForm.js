import { useSignal } from '@preact/signals';
import { entryProblems } from '../account/entry-problems.js';
import { html } from '../core/html.js';
import { isDirect } from '../core/kinds.js';
import { t } from '../core/language.js';
import { compareNames } from '../core/name-order.js';
import { channels } from '../core/store/store.js';
import { settle } from '../ui/after-save.js';
import { Field } from '../ui/Field.js';
import { useDraftedSignal } from '../ui/form-drafts.js';
import { useSave } from '../ui/use-save.js';
import { invite } from './requests.js';
import { rolesToGive } from './roles.js';

/** @import { InvitationMade, Me, Role } from '../core/types.js' */

/** @param {{ me: Me | null, invited: (made: InvitationMade) => void, cancel: () => void }} props */
export function InviteForm({ me, invited, cancel }) {
  const email = useDraftedSignal('invite-email', '');
  const role = useSignal(/** @type {Role} */ ('member'));
  const channelIds = useSignal(/** @type {string[]} */ ([]));
  const checked = useSignal('');
  const saving = useSave();
  const { fields, general } = entryProblems(saving.problem);
  const isGuest = role.value === 'guest';
  const offered = Object.values(channels.value ?? {})
    .filter((one) => !isDirect(one))
    .toSorted((a, b) => compareNames(a.name, b.name));

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    checked.value =
      isGuest && channelIds.value.length === 0 ? t('Choose the channels that the guest may see.') : '';
    if (checked.value) return;
    const sent = email.value;
    const given = {
      email: sent.trim(),
      role: role.value,
      ...(isGuest ? { channelIds: channelIds.value } : {}),
    };
    const made = await saving.save(() => invite(given));
    if (!made) return;
    settle(email, sent, '');
    invited(made);
  }

  /** @param {string} channelId @param {boolean} on */
  function choose(channelId, on) {
    const others = channelIds.peek().filter((each) => each !== channelId);
    channelIds.value = on ? [...others, channelId] : others;
  }

  return html`
    <form class="card token-form" aria-label=${t('Invite people')} novalidate onSubmit=${submit}>
      <div class="token-form__row">
        <${Field} label=${t('E-mail')} name="invite-email" type="email" inputmode="email" autocapitalize="off" spellcheck=${false} required autofocus
          value=${email.value} error=${fields.email} onInput=${(/** @type {string} */ value) => {
            email.value = value;
          }} />
        <${Field} label=${t('Role')} name="invite-role" tag="select" value=${role.value} error=${fields.role} onInput=${(
          /** @type {string} */ value,
        ) => {
          role.value = /** @type {Role} */ (value);
        }}>
          ${rolesToGive(me?.role).map((each) => html`<option key=${each.role} value=${each.role}>${each.name}</option>`)}
        <//>
      </div>
      <p class="quiet">${rolesToGive(me?.role).find((each) => each.role === role.value)?.detail}</p>
      ${
        isGuest &&
        html`<fieldset class="choices invite__channels">
          <legend class="field__label">${t('Channels')}</legend>
          ${offered.map(
            (channel) => html`
              <label key=${channel.id} class="choice">
                <input type="checkbox" checked=${channelIds.value.includes(channel.id)} onChange=${(/** @type {globalThis.Event} */ event) => choose(channel.id, /** @type {HTMLInputElement} */ (event.target).checked)} />
                <span>#${channel.name}</span>
              </label>
            `,
          )}
        </fieldset>`
      }
      ${(checked.value || general) && html`<p class="alert" role="alert">${checked.value || general}</p>`}
      <div class="form__buttons account__buttons">
        <button class="button button--main" type="submit" disabled=${saving.busy || email.value.trim() === ''}>${saving.busy ? t('Inviting…') : t('Invite')}</button>
        <button class="button button--small" type="button" onClick=${cancel}>${t('Cancel')}</button>
      </div>
    </form>
  `;
}
