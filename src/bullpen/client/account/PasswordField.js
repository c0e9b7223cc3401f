import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { t, withinSentence } from '../core/language.js';

/**
 * A password, hidden until somebody wants to see it. Pasting and password managers work as in any field.
 * @param {{
 *   label: string, name: string, value: string, onInput: (value: string) => void, autocomplete: 'current-password' | 'new-password',
 *   error?: string | undefined, hint?: string, aside?: unknown, [attribute: string]: unknown
 * }} props aside: beside the label, such as a link for those who forgot it
 */
export function PasswordField({ label, name, value, onInput, error, hint, aside, ...attributes }) {
  const shown = useSignal(false);
  const below = error || hint;
  const id = `field-${name}`;
  return html`
    <div class="field">
      <span class="password__head"><label class="field__label" for=${id}>${label}</label>${aside}</span>
      <span class="password">
        <input
          class="input"
          id=${id}
          name=${name}
          type=${shown.value ? 'text' : 'password'}
          value=${value}
          spellcheck=${false}
          autocapitalize="off"
          required
          aria-invalid=${error ? 'true' : undefined}
          aria-describedby=${below ? `${id}-below` : undefined}
          onInput=${(/** @type {globalThis.Event} */ event) => onInput(/** @type {HTMLInputElement} */ (event.target).value)}
          ...${attributes}
        />
        <button class="password__show" type="button" aria-pressed=${shown.value} aria-label=${t('Show {what}', { what: withinSentence(label) })} onClick=${() => {
          shown.value = !shown.value;
        }}>${shown.value ? t('Hide') : t('Show')}</button>
      </span>
      ${below && html`<div class="field__below"><span id=${`${id}-below`} class=${error ? 'field__error' : 'field__hint'}>${below}</span></div>`}
    </div>
  `;
}
