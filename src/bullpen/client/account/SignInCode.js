import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { Field } from '../ui/Field.js';
import { EntryForm } from './EntryForm.js';
import { EntryFrame } from './EntryFrame.js';
import { entryProblems } from './entry-problems.js';

/** @import { useSave } from '../ui/use-save.js' */

/**
 * The second step: a code of the authenticator app, or a recovery code.
 * @param {{ saving: ReturnType<typeof useSave>, submit: (code: string) => void, back: () => void }} props
 */
export function SignInCode({ saving, submit, back }) {
  const code = useSignal('');
  const recovery = useSignal(false);
  const empty = useSignal('');
  const refused = saving.problem?.failure.code === 'sign_in_failed';
  const { general } = entryProblems(saving.problem);
  const wrong = recovery.value
    ? t('This recovery code is wrong or was used before.')
    : t('This code is wrong or too old. Enter the newest code.');
  const error = empty.value || (refused ? wrong : undefined);

  function send() {
    empty.value = code.value.trim() === '' ? t('Enter the code.') : '';
    if (empty.value === '') submit(code.value.replace(/\s/g, ''));
    else saving.forget();
  }

  return html`
    <${EntryFrame}
      title=${t('Two-step sign-in')}
      intro=${recovery.value ? t('Enter one of your recovery codes. Each works once.') : t('Enter the 6-digit code from your authenticator app.')}
    >
      <${EntryForm} label=${t('Two-step sign-in')} action=${t('Verify')} busyAction=${t('Verifying…')} busy=${saving.busy} general=${refused ? '' : general} fields=${{ code: error }} submit=${send}>
        <${Field} key=${recovery.value} label=${recovery.value ? t('Recovery code') : t('Code')} name="code" autocomplete="one-time-code" inputmode=${recovery.value ? 'text' : 'numeric'}
          autocapitalize="off" spellcheck=${false} dir="ltr" required inputRef=${focus} value=${code.value} error=${error} onInput=${(
            /** @type {string} */ value,
          ) => {
            code.value = value;
            empty.value = '';
          }} />
      <//>
      <div class="entry__links">
        <button class="entry__link" type="button" onClick=${() => {
          saving.forget();
          code.value = '';
          recovery.value = !recovery.value;
        }}>${recovery.value ? t('Use the authenticator app') : t('Use a recovery code')}</button>
        <button class="entry__link" type="button" onClick=${back}>${t('Back')}</button>
      </div>
    <//>
  `;
}

/** @param {HTMLElement | null} field */
function focus(field) {
  if (field && document.activeElement !== field && !field.dataset.focused) {
    field.dataset.focused = 'true';
    field.focus();
  }
}
