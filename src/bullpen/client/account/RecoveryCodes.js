import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { copyText } from '../core/clipboard.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { Icon } from '../ui/Icon.js';

/** The codes that replace the app, shown once. @param {{ codes: string[], email: string, done: () => void }} props */
export function RecoveryCodes({ codes, email, done }) {
  const said = useSignal('');
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => box.current?.focus(), []);
  const text = `${codes.join('\n')}\n`;

  async function copy() {
    said.value = (await copyText(text)) ? t('Copied') : t('Couldn’t copy. Select the codes instead.');
  }

  function download() {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(
      new Blob([t('Bullpen recovery codes for {email}\n\n{text}', { email, text })], { type: 'text/plain' }),
    );
    link.download = 'bullpen-recovery-codes.txt';
    link.click();
    URL.revokeObjectURL(link.href);
  }

  return html`
    <div class="card recovery" role="group" aria-labelledby="recovery-title">
      <h3 class="recovery__title" id="recovery-title" tabindex="-1" ref=${box}>${t('Your recovery codes')}</h3>
      <p class="page__intro">${t('Each signs you in once if you lose your authenticator app. Keep them somewhere safe: they are shown only now, and codes from before no longer work.')}</p>
      <ul class="recovery__codes">${codes.map((code) => html`<li key=${code}><code>${code}</code></li>`)}</ul>
      <div class="form__buttons account__buttons">
        <button class="button button--main" type="button" onClick=${copy}><${Icon} name="copy" size=${16} />${t('Copy')}</button>
        <button class="button button--small" type="button" onClick=${download}><${Icon} name="download" size=${16} />${t('Download')}</button>
        <button class="button button--small button--quiet" type="button" onClick=${done}>${t('Done')}</button>
        <span class="quiet" role="status">${said.value}</span>
      </div>
    </div>
  `;
}
