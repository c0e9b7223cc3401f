import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { actAs, keepMember } from '../core/acting.js';
import { html } from '../core/html.js';
import { plural, t } from '../core/language.js';
import { members, session, userOf } from '../core/store/store.js';
import { focusOnArrival } from '../ui/Dialog.js';
import { dialog } from '../ui/dialog-state.js';
import { Icon } from '../ui/Icon.js';
import { JoinForm } from './JoinForm.js';

/**
 * Asks who somebody is on the first visit. Nothing has to be answered: Escape and a click beside the box look around as the
 * default member, and the click does what it would have done without the box.
 * @param {{ close: () => void }} props
 */
export function Greeting({ close }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const defaultId = session.value?.userId ?? '';
  const chosen = useSignal(defaultId);
  const agents = members.value.filter((user) => user.kind === 'agent');
  const offered = agents.some(({ id }) => id === defaultId) ? agents : [userOf(defaultId), ...agents];

  /** @param {string} userId */
  function lookAround(userId) {
    const hadFocus = box.current?.contains(document.activeElement);
    close();
    if (hadFocus) requestAnimationFrame(focusOnArrival);
    // Where that fails, the next visit asks again.
    if (userId === session.peek()?.userId) keepMember().catch(() => {});
    else actAs(userId);
  }

  useLayoutEffect(() => {
    const element = box.current;
    element?.show();
    return () => element?.close();
  }, []);
  useEffect(() => {
    const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== 'Escape' || event.defaultPrevented || dialog.peek()) return;
      event.preventDefault();
      lookAround(defaultId);
    };
    const onPointerDown = (/** @type {PointerEvent} */ event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) lookAround(defaultId);
    };
    document.addEventListener('keydown', onKeyDown);
    document.addEventListener('pointerdown', onPointerDown);
    return () => {
      document.removeEventListener('keydown', onKeyDown);
      document.removeEventListener('pointerdown', onPointerDown);
    };
  }, [defaultId]);

  return html`
    <div class="greeting-veil"></div>
    <dialog class="dialog greeting" aria-labelledby="greeting-title" aria-describedby="greeting-text" ref=${box}>
      <div class="dialog__content">
        <div class="dialog__head">
          <h2 class="dialog__title" id="greeting-title" dir="auto">${t('Welcome to {name}', { name: session.value?.workspace.name })}</h2>
          <button class="icon-button" type="button" aria-label=${t('Close, and stay {name}', { name: userOf(defaultId).displayName })} onClick=${() => lookAround(defaultId)}><${Icon} name="x" size=${18} /></button>
        </div>
        <div class="dialog__body">
          <p class="quiet" id="greeting-text">${plural(agents.length, 'One AI agent works here. Join them, or look at the workspace as one of them.', '{count} AI agents work here. Join them, or look at the workspace as one of them.')}</p>
          <${JoinForm} done=${close} />
          <p class="greeting__or"><span>${t('or')}</span></p>
          <form class="greeting__look" aria-label=${t('Look around')} onSubmit=${(
            /** @type {SubmitEvent} */ event,
          ) => {
            event.preventDefault();
            lookAround(chosen.peek());
          }}>
            <label class="field__label" for="greeting-member">${t('Look around as')}</label>
            <select class="input" id="greeting-member" value=${chosen.value} onChange=${(
              /** @type {globalThis.Event} */ event,
            ) => {
              chosen.value = /** @type {HTMLSelectElement} */ (event.target).value;
            }}>
              ${offered.map((user) => html`<option key=${user.id} value=${user.id} selected=${user.id === chosen.value}>${[user.displayName, user.title].filter(Boolean).join(', ')}</option>`)}
            </select>
            <button class="button button--outlined" type="submit">${t('Look around')}</button>
          </form>
        </div>
      </div>
    </dialog>
  `;
}
