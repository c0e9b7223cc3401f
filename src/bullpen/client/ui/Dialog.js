import { t } from '../core/language.js';
import './page-icons.js';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { route } from '../core/router.js';
import { closeDialog } from './dialog-state.js';
import { Icon } from './Icon.js';

// Where a finger points, the focus would bring up the keyboard.
const coarse = matchMedia('(pointer: coarse)');

/**
 * A dialog above everything else: it keeps the focus, Escape and a click beside it close it, and the focus returns.
 * Where it led somewhere else, the focus is there: further typing must not press the button that opened it.
 * @param {{ name: string, title: string, bare?: boolean, children?: unknown }} props bare: the title is only heard
 */
export function Dialog({ name, title, bare = false, children }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const id = `dialog-${name}`;

  useLayoutEffect(() => {
    const element = box.current;
    const before = route.peek();
    element?.showModal();
    return () => {
      element?.close();
      if (route.peek() !== before) requestAnimationFrame(focusOnArrival);
    };
  }, []);

  /** @param {MouseEvent} event one that began within a field may end beside the dialog */
  function onMouseDown(event) {
    if (event.target === box.current) closeDialog();
  }

  return html`
    <dialog class=${`dialog dialog--${name}`} aria-labelledby=${id} onClose=${() => box.current && closeDialog()} onMouseDown=${onMouseDown} ref=${box}>
      <div class="dialog__content">
        <div class=${bare ? 'visually-hidden' : 'dialog__head'}>
          <h2 class="dialog__title" id=${id} dir="auto">${title}</h2>
          ${
            !bare &&
            html`<button class="icon-button" type="button" aria-label=${t('Close')} onClick=${closeDialog}><${Icon} name="x" size=${18} /></button>`
          }
        </div>
        ${children}
      </div>
    </dialog>
  `;
}

/** The message that the address names, or else where somebody goes on typing. */
export function focusOnArrival() {
  /** @type {HTMLElement | null} */
  const message = document.querySelector('#main .message--linked');
  if (message) return message.focus({ preventScroll: true });
  const field = coarse.matches ? null : document.querySelector('#main .composer textarea');
  /** @type {HTMLElement | null} */ (field ?? document.querySelector('#main h1'))?.focus();
}
