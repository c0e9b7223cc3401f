import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { copyText } from '../core/clipboard.js';
import { html } from '../core/html.js';
import { t, withinSentence } from '../core/language.js';
import { Icon } from './Icon.js';

/** A text to pass on, such as a link or a key. @param {{ label: string, name: string, value: string, focused?: boolean }} props */
export function CopyField({ label, name, value, focused = false }) {
  const said = useSignal('');
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const id = `copy-${name}`;
  useEffect(() => {
    if (focused) field.current?.select();
  }, [value]);

  async function copy() {
    const copied = await copyText(value);
    said.value = copied ? t('Copied') : t('Press Ctrl C to copy');
    if (!copied) field.current?.select();
  }

  return html`
    <div class="field copy">
      <label class="field__label" for=${id}>${label}</label>
      <span class="copy__row">
        <input class="input copy__value" id=${id} value=${value} readonly dir="ltr" spellcheck=${false} autocomplete="off" ref=${field} onFocus=${() => field.current?.select()} />
        <button class="button button--small" type="button" aria-label=${t('Copy {what}', { what: withinSentence(label) })} onClick=${copy}><${Icon} name="copy" size=${16} />${t('Copy')}</button>
      </span>
      <span class="quiet" role="status">${said.value}</span>
    </div>
  `;
}
