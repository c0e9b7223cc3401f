import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { CopyField } from '../ui/CopyField.js';
import { Field } from '../ui/Field.js';
import { useSave } from '../ui/use-save.js';
import { entryProblems } from './entry-problems.js';
import { pathOf, qrCode } from './qr.js';
import { confirmTotp } from './requests.js';

/**
 * The secret for an authenticator app, as a code to scan and as text, and the first code of the app as its proof.
 * @param {{ totp: { secret: string, uri: string }, confirmed: (codes: string[]) => void, cancel: () => void }} props
 */
export function TwoStepSetUp({ totp, confirmed, cancel }) {
  const code = useSignal('');
  const saving = useSave();
  const { fields, general } = entryProblems(saving.problem);
  const matrix = useMemo(() => qrCode(totp.uri), [totp.uri]);
  // Scanners need four light modules around the code.
  const size = matrix.length + 8;

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    const answer = await saving.save(() => confirmTotp(code.value.replace(/\s/g, '')));
    if (answer) confirmed(answer.codes);
  }

  return html`
    <form class="two-step" aria-label=${t('Set up two-step sign-in')} novalidate onSubmit=${submit}>
      <svg class="two-step__code" viewBox=${`-4 -4 ${size} ${size}`} role="img" aria-label=${t('QR code for your authenticator app')} shape-rendering="crispEdges">
        <rect x="-4" y="-4" width=${size} height=${size} fill="#fff" /><path d=${pathOf(matrix)} fill="#000" />
      </svg>
      <ol class="two-step__steps">
        <li>${t('Scan this code with an authenticator app, or enter the key in the app.')}
          <${CopyField} label=${t('Key')} name="totp-secret" value=${totp.secret} />
        </li>
        <li>${t('Enter the 6-digit code that the app shows.')}
          <${Field} label=${t('Code')} name="code" inputmode="numeric" autocomplete="one-time-code" autocapitalize="off" spellcheck=${false} required maxlength=${12}
            value=${code.value} error=${fields.code} onInput=${(/** @type {string} */ value) => {
              code.value = value;
            }} />
        </li>
      </ol>
      ${general && html`<p class="alert" role="alert">${general}</p>`}
      <div class="form__buttons account__buttons">
        <button class="button button--main" type="submit" disabled=${saving.busy || code.value.trim() === ''}>${saving.busy ? t('Checking…') : t('Turn on')}</button>
        <button class="button button--small" type="button" onClick=${cancel}>${t('Cancel')}</button>
      </div>
    </form>
  `;
}
