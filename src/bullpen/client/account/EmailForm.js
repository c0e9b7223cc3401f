import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { sentence, t } from '../core/language.js';
import { Field } from '../ui/Field.js';
import { useSave } from '../ui/use-save.js';
import { entryProblems } from './entry-problems.js';
import { PasswordField } from './PasswordField.js';
import { changeMe } from './requests.js';

/** @import { Me } from '../core/types.js' */

/** The address that one signs in with. @param {{ me: Me, changed: (change: (me: Me) => Me) => void }} props */
export function EmailForm({ me, changed }) {
  const editing = useSignal(false);
  const email = useSignal(me.email ?? '');
  const password = useSignal('');
  const saving = useSave();
  const { fields, general } = entryProblems(saving.problem);

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    const given = me.hasPassword ? { password: password.value } : {};
    const answer = await saving.save(() => changeMe({ email: email.value.trim(), ...given }));
    if (!answer) return;
    changed(() => answer);
    password.value = '';
    editing.value = false;
  }

  function cancel() {
    saving.forget();
    email.value = me.email ?? '';
    password.value = '';
    editing.value = false;
  }

  return html`
    <section class="account__part" aria-labelledby="account-email">
      <h2 class="form__title" id="account-email">${t('E-mail')}</h2>
      ${me.pendingEmail && html`<p class="account__note" role="status">${sentence(t('Open the link that was sent to {pendingEmail} to confirm it. Until then you sign in with {email}.'), { pendingEmail: html`<strong>${me.pendingEmail}</strong>`, email: html`<strong>${me.email}</strong>` })}</p>`}
      ${
        editing.value
          ? html`
              <form class="account__fields" aria-label=${t('Change e-mail')} novalidate onSubmit=${submit}>
                <${Field} label=${t('New e-mail')} name="email" type="email" inputmode="email" autocomplete="email" autocapitalize="off" spellcheck=${false} required autofocus
                  value=${email.value} error=${fields.email} onInput=${(/** @type {string} */ value) => {
                    email.value = value;
                  }} />
                ${
                  me.hasPassword &&
                  html`<${PasswordField} label=${t('Current password')} name="current" autocomplete="current-password" value=${password.value} error=${fields.current ?? fields.password} onInput=${(
                    /** @type {string} */ value,
                  ) => {
                    password.value = value;
                  }} />`
                }
                ${general && html`<p class="alert" role="alert">${general}</p>`}
                <div class="form__buttons account__buttons">
                  <button class="button button--main" type="submit" disabled=${saving.busy || email.value.trim() === '' || email.value.trim() === me.email}>${saving.busy ? t('Saving…') : t('Change e-mail')}</button>
                  <button class="button button--small" type="button" onClick=${cancel}>${t('Cancel')}</button>
                </div>
              </form>
            `
          : html`
              <div class="account__line">
                <span>${me.email ?? t('No address')}</span>
                <button class="button button--small" type="button" onClick=${() => {
                  editing.value = true;
                }}>${t('Change e-mail')}</button>
              </div>
            `
      }
    </section>
  `;
}
