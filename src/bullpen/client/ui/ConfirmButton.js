import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { Icon } from './Icon.js';

/**
 * Asks in place before it does what cannot be taken back. Escape, or the second button, leaves everything as it is.
 * @param {{
 *   icon: string, label: string, question: string, yes: string, no?: string, act: () => void, busy?: boolean,
 *   name?: string, iconOnly?: boolean
 * }} props name: what it is about, for those who hear it
 */
export function ConfirmButton({
  icon,
  label,
  question,
  yes,
  no = t('Cancel'),
  act,
  busy = false,
  name = '',
  iconOnly = false,
}) {
  const asking = useSignal(false);
  const wasAsking = useRef(false);
  const box = useRef(/** @type {HTMLElement | null} */ (null));

  // While an earlier request is under way the button is not disabled: it could not take the focus.
  useLayoutEffect(() => {
    if (wasAsking.current !== asking.value) box.current?.querySelector('button')?.focus();
    wasAsking.current = asking.value;
  }, [asking.value]);

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    if (event.key !== 'Escape' || !asking.value) return;
    event.preventDefault();
    asking.value = false;
  }

  return html`
    <span class="confirm" onKeyDown=${onKeyDown} ref=${box}>
      ${
        asking.value
          ? html`
              <span class="confirm__question" id=${`confirm-${name}`}>${question}</span>
              <button class="button button--small button--danger" type="button" aria-describedby=${`confirm-${name}`} aria-disabled=${busy} onClick=${() => busy || act()}>${yes}</button>
              <button class="button button--small" type="button" onClick=${() => {
                asking.value = false;
              }}>${no}</button>
            `
          : html`<button
              class=${iconOnly ? 'icon-button' : 'button button--small button--quiet'}
              type="button"
              aria-label=${name ? t('{action} {name}', { action: label, name }) : undefined}
              data-tip=${iconOnly ? label : undefined}
              onClick=${() => {
                asking.value = true;
              }}
            ><${Icon} name=${icon} size=${16} />${!iconOnly && label}</button>`
      }
    </span>
  `;
}
