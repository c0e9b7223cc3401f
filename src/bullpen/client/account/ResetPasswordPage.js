import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { sentence, t } from '../core/language.js';
import { useSave } from '../ui/use-save.js';
import { EntryForm } from './EntryForm.js';
import { entryProblems } from './entry-problems.js';
import { LinkPage } from './LinkPage.js';
import { PasswordField } from './PasswordField.js';
import { passwordHint, passwordProblem } from './passwords.js';
import { resetPassword } from './requests.js';
import { useLink } from './use-link.js';

/** @import { LinkInfo } from '../core/types.js' */

const ended = {
  title: t('This reset link has ended'),
  text: sentence(
    t(
      'It was used, replaced by a newer one, or is too old. <link>Ask for a new one</link>, or sign in if you know your password.',
    ),
    {
      link: (/** @type {string} */ words) =>
        html`<a class="entry__link" href="/forgot-password">${words}</a>`,
    },
  ),
};

export function ResetPasswordPage() {
  const link = useLink();
  return html`
    <${LinkPage} link=${link} title=${t('Choose a new password')} ended=${ended} missing=${t('Open the link from the e-mail, or the one that an admin gave you.')}
      intro=${(/** @type {LinkInfo} */ { email }) => sentence(t('For {email}. You will be signed out on all devices.'), { email: html`<strong>${email}</strong>` })}>
      ${(/** @type {LinkInfo} */ info) => html`<${NewPassword} link=${link} email=${info.email} />`}
    <//>
  `;
}

/** @param {{ link: ReturnType<typeof useLink>, email: string | null }} props */
function NewPassword({ link, email }) {
  const password = useSignal('');
  const checked = useSignal('');
  const saving = useSave();
  const { fields, general } = entryProblems(saving.problem);
  const error = checked.value || fields.password;

  async function submit() {
    checked.value = passwordProblem(password.value);
    if (checked.value) return saving.forget();
    if (await saving.save(() => resetPassword({ token: link.token, password: password.value })))
      location.replace('/sign-in?reason=reset');
    else if (saving.latest()?.failure.code === 'link_invalid') link.end();
  }

  return html`
    <${EntryForm} label=${t('Choose a new password')} action=${t('Change password')} busyAction=${t('Changing…')} busy=${saving.busy} general=${general} fields=${{ password: error }} submit=${submit}>
      <input class="visually-hidden" type="email" name="email" autocomplete="username" value=${email ?? ''} readonly tabindex="-1" aria-hidden="true" />
      <${PasswordField} label=${t('New password')} name="password" autocomplete="new-password" value=${password.value} error=${error} hint=${passwordHint} autofocus onInput=${(
        /** @type {string} */ value,
      ) => {
        password.value = value;
      }} />
    <//>
  `;
}
