import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { sentence, t } from '../core/language.js';
import { Field } from '../ui/Field.js';
import { useSave } from '../ui/use-save.js';
import { EntryForm } from './EntryForm.js';
import { EntryFrame } from './EntryFrame.js';
import { entryProblems } from './entry-problems.js';
import { requestReset } from './requests.js';

/** Asks for a link that sets a new password. The answer is the same whether or not there is an account. */
export function ForgotPasswordPage() {
  const email = useSignal('');
  const empty = useSignal('');
  const sentTo = useSignal('');
  const saving = useSave();
  const { fields, general } = entryProblems(saving.problem);
  const error = empty.value || fields.email;
  const back = html`<a class="entry__link" href="/sign-in">${t('Back to sign-in')}</a>`;

  async function submit() {
    const given = email.value.trim();
    empty.value = given === '' ? t('Enter your e-mail address.') : '';
    if (empty.value) return saving.forget();
    if (await saving.save(() => requestReset(given))) sentTo.value = given;
  }

  if (sentTo.value) {
    return html`
      <${EntryFrame} title=${t('Check your e-mail')} foot=${back}
        intro=${sentence(t('If there is an account for {email}, a link to choose a new password is on its way.'), { email: html`<strong>${sentTo.value}</strong>` })}>
        <p class="entry__intro">${t('No message after a few minutes? This workspace may not send e-mail. Ask an owner or admin for a reset link.')}</p>
      <//>
    `;
  }
  return html`
    <${EntryFrame} title=${t('Reset your password')} intro=${t('Enter your e-mail address. You get a link to choose a new password.')} foot=${back}>
      <${EntryForm} label=${t('Reset your password')} action=${t('Send link')} busyAction=${t('Sending…')} busy=${saving.busy} general=${general} fields=${{ email: error }} submit=${submit}>
        <${Field} label=${t('E-mail')} name="email" type="email" inputmode="email" autocomplete="username" autocapitalize="off" spellcheck=${false} dir="ltr" required autofocus
          value=${email.value} error=${error} onInput=${(/** @type {string} */ value) => {
            email.value = value;
          }} />
      <//>
    <//>
  `;
}
