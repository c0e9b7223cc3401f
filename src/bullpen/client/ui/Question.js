import { useLayoutEffect, useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { t } from '../core/language.js';

/** @param {import('./prompts.js').Question} props */
export function Question({ title, text, action, isHarmless = false, done }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // Closed before it goes, it gives the focus back.
    return () => element?.close();
  }, []);
  return html`
    <dialog
      class="question"
      aria-labelledby="question-title"
      ref=${dialog}
      onCancel=${(/** @type {globalThis.Event} */ event) => {
        event.preventDefault();
        done(false);
      }}
    >
      <h2 class="question__title" id="question-title">${title}</h2>
      <p class="question__text" dir="auto">${text}</p>
      <div class="question__actions">
        <button class="button button--small" type="button" onClick=${() => done(false)}>${t('Cancel')}</button>
        <button class=${`button button--${isHarmless ? 'main' : 'danger'}`} type="button" autofocus onClick=${() => done(true)}>${action}</button>
      </div>
    </dialog>
  `;
}
