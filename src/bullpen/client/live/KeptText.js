import { useSignal } from '@preact/signals';
import { copyText } from '../app/clipboard.js';
import { html } from '../app/html.js';

/** A text that cannot be sent where it was written, because that is gone: to be taken elsewhere. @param {{ why: string, text: string, discard: () => void }} props */
export function KeptText({ why, text, discard }) {
  const copied = useSignal(/** @type {boolean | null} */ (null));

  async function onCopy() {
    copied.value = await copyText(text);
  }

  return html`
    <section class="kept-text" aria-label=${why}>
      <p class="kept-text__why">${why} Your text is kept.</p>
      <p class="kept-text__text" dir="auto" tabindex="0">${text}</p>
      <div class="kept-text__acts">
        <span class="kept-text__said" role="status">${copied.value === null ? '' : copied.value ? 'Copied' : 'The browser refused to copy: select the text'}</span>
        <button class="button button--small" type="button" onClick=${discard}>Discard</button>
        <button class="button button--small" type="button" onClick=${onCopy}>Copy text</button>
      </div>
    </section>
  `;
}
