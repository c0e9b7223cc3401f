import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { useSave } from '../ui/use-save.js';
import { EntryFrame, EntryNote } from './EntryFrame.js';
import { entryProblems } from './entry-problems.js';
import { takeToken } from './link-token.js';
import { confirmEmail } from './requests.js';

/** The link that proves a new e-mail address. */
export function ConfirmEmailPage() {
  const token = useSignal(takeToken());
  const done = useSignal(false);
  const saving = useSave();
  const ended = token.value === '' || saving.problem?.failure.code === 'link_invalid';
  const { general } = entryProblems(saving.problem);

  async function confirm() {
    const answer = await saving.save(() => confirmEmail(token.value));
    if (answer || saving.latest()?.failure.code === 'link_invalid')
      history.replaceState(null, '', location.pathname);
    done.value = answer !== undefined;
  }
  useEffect(() => {
    if (token.value) confirm();
  }, []);

  const on = html`<a class="button entry__submit" href="/">${t('Open Bullpen')}</a>`;
  if (done.value)
    return html`<${EntryFrame} title=${t('Your new address is confirmed')} intro=${t('Sign in with it from now on.')}>${on}<//>`;
  if (ended)
    return html`<${EntryFrame} title=${t('This link has ended')} intro=${t('It was used, replaced by a newer one, or is too old. You can change the address again in your account.')}>${on}<//>`;
  return html`
    <${EntryFrame} title=${t('Confirming your address…')}>
      ${
        general &&
        html`<${EntryNote} text=${general} /><button class="button entry__submit" type="button" onClick=${confirm}>${t('Try again')}</button>`
      }
    <//>
  `;
}
