import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { Field } from '../ui/Field.js';
import { useSave } from '../ui/use-save.js';
import { CookiesBlocked } from './CookiesBlocked.js';
import { EntryForm } from './EntryForm.js';
import { enter, useEntering } from './entering.js';
import { entryProblems } from './entry-problems.js';
import { PasswordField } from './PasswordField.js';
import { passwordHint, passwordProblem } from './passwords.js';

/** @import { useLink } from './use-link.js' */

/**
 * The name, address and password of a new account.
 * @param {{
 *   link: ReturnType<typeof useLink>, action: string, ownEmail?: boolean,
 *   create: (given: { token: string, displayName: string, email: string, password: string }) => Promise<unknown>
 * }} props ownEmail: the address is typed, and not the link's
 */
export function NewAccount({ link, action, ownEmail = false, create }) {
  const displayName = useSignal('');
  const email = useSignal(link.info?.email ?? '');
  const password = useSignal('');
  const checked = useSignal(/** @type {Record<string, string>} */ ({}));
  const saving = useSave();
  const entering = useEntering();
  const { fields, general } = entryProblems(saving.problem);
  const wrong = { ...fields, ...checked.value };

  async function submit() {
    const badPassword = passwordProblem(password.value);
    checked.value = {
      ...(displayName.value.trim() === '' ? { displayName: t('Enter your name.') } : {}),
      ...(email.value.trim() === '' ? { email: t('Enter your e-mail address.') } : {}),
      ...(badPassword ? { password: badPassword } : {}),
    };
    if (Object.keys(checked.value).length > 0) return saving.forget();
    const given = { token: link.token, displayName: displayName.value.trim(), password: password.value };
    const me = await saving.save(() =>
      create(/** @type {any} */ (ownEmail ? { ...given, email: email.value.trim() } : given)),
    );
    if (me) {
      history.replaceState(null, '', location.pathname);
      await enter(entering);
    } else if (saving.latest()?.failure.code === 'link_invalid') link.end();
  }

  if (entering.value === 'blocked') return html`<${CookiesBlocked} />`;
  return html`
    <${EntryForm} label=${action} action=${action} busyAction=${t('One moment…')} busy=${saving.busy || entering.value === 'entering'} general=${general} fields=${wrong} submit=${submit}>
      <${Field} label=${t('Name')} name="display-name" autocomplete="name" required autofocus limit=${80} value=${displayName.value} error=${wrong.displayName} onInput=${(
        /** @type {string} */ value,
      ) => {
        displayName.value = value;
      }} />
      <${Field} label=${t('E-mail')} name="email" type="email" inputmode="email" autocomplete="username" autocapitalize="off" spellcheck=${false} dir="ltr" required
        readonly=${!ownEmail} value=${email.value} error=${wrong.email} onInput=${(
          /** @type {string} */ value,
        ) => {
          email.value = value;
        }} />
      <${PasswordField} label=${t('Password')} name="password" autocomplete="new-password" value=${password.value} error=${wrong.password} hint=${passwordHint} onInput=${(
        /** @type {string} */ value,
      ) => {
        password.value = value;
      }} />
    <//>
  `;
}
