import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { locale, t } from '../core/language.js';

/**
 * A text of which only the beginning is shown until somebody wants it all.
 * @param {{ text: string, most?: number, lines?: number, class?: string, tag?: string }} props
 */
export function Collapsible({ text, most = 1200, lines = 16, class: name = '', tag = 'div' }) {
  const open = useSignal(false);
  const short = beginningOf(text, most, lines);
  const folded = short.length < text.length;
  return html`
    <${tag} class=${`folded ${name}`} data-folded=${folded && !open.value ? true : undefined} dir="auto">${open.value ? text : short}<//>
    ${
      folded &&
      html`<button class="folded__more" type="button" aria-expanded=${open.value} onClick=${() => {
        open.value = !open.value;
      }}>${open.value ? t('Show less') : t('Show all {count} characters', { count: text.length.toLocaleString(locale) })}</button>`
    }
  `;
}

/** @param {string} text @param {number} most @param {number} lines a text that is hardly longer is not worth cutting */
export function beginningOf(text, most, lines) {
  const cut = text.split('\n', lines).join('\n').slice(0, most);
  return cut.length > text.length * 0.8 && text.length - cut.length < 200 ? text : cut;
}
