import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { settle } from '../ui/after-save.js';
import { useSave } from '../ui/use-save.js';
import { entryProblems } from './entry-problems.js';
import { PasswordField } from './PasswordField.js';
import { passwordHint, passwordProblem } from './passwords.js';
import { changePassword } from './requests.js';

/** @import { Me } from '../core/types.js' */

/** @param {{ me: Me, changed: (change: (me: Me) => Me) => void }} props */
export function PasswordForm({ me, changed }) {
  const current = useSignal('');
  const password = useSignal('');
  const checked = useSignal('');
  const saved = useSignal(false);
  const saving = useSave();
  const { fields, general } = entryProblems(saving.problem);

  /** @param {import('@preact/signals').Signal<string>} text */
  const typing = (text) => (/** @type {string} */ value) => {
    saved.value = false;
    checked.value = '';
    text.value = value;
  };

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    checked.value = passwordProblem(password.value);
    if (checked.value) return saving.forget();
    /** @type {{ password: string, current?: string }} */
    const given = { password: password.value, ...(me.hasPassword ? { current: current.value } : {}) };
    if (!(await saving.save(() => changePassword(given)))) return;
    changed((known) => ({ ...known, hasPassword: true }));
    settle(current, given.current ?? '', '');
    settle(password, given.password, '');
    saved.value = true;
  }

  return html`
    <section class="account__part" aria-labelledby="account-password">
      <h2 class="form__title" id="account-password">${t('Password')}</h2>
      <form class="account__fields" aria-label=${t('Password')} novalidate onSubmit=${submit}>
        <input class="visually-hidden" type="email" name="email" autocomplete="username" value=${me.email ?? ''} readonly tabindex="-1" aria-hidden="true" />
        ${me.hasPassword && html`<${PasswordField} label=${t('Current password')} name="current" autocomplete="current-password" value=${current.value} error=${fields.current} onInput=${typing(current)} />`}
        <${PasswordField} label=${t('New password')} name="password" autocomplete="new-password" value=${password.value} error=${checked.value || fields.password} hint=${passwordHint} onInput=${typing(password)} />
        ${general && html`<p class="alert" role="alert">${general}</p>`}
        <div class="form__buttons account__buttons">
          <button class="button button--main" type="submit" disabled=${saving.busy || password.value === '' || (me.hasPassword && current.value === '')}>${saving.busy ? t('Changing…') : t('Change password')}</button>
          <span class="quiet" role="status">${saved.value ? t('Password changed. Other devices are signed out.') : ''}</span>
        </div>
      </form>
    </section>
  `;
}
