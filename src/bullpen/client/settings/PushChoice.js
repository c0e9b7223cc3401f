import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { reasonOf } from '../core/refusals.js';
import { canPush, pushed, subscribe, unsubscribe } from '../push/push.js';
import { allowed, permission } from '../shell/notifications.js';
import { say } from '../ui/prompts.js';

/** Whether this browser gets notifications while Bullpen is closed. */
export function PushChoice() {
  const busy = useSignal(false);

  /** @param {boolean} on */
  async function choose(on) {
    busy.value = true;
    try {
      if (!on) await unsubscribe();
      else if (await allowed()) await subscribe();
    } catch (error) {
      say(t('Couldn’t change this: {reason}.', { reason: problemOf(error) }));
    } finally {
      busy.value = false;
    }
  }

  return html`
    <label class="switch">
      <input
        type="checkbox"
        role="switch"
        checked=${pushed.value}
        disabled=${!canPush || permission.value === 'denied' || busy.value}
        aria-describedby="me-push-about"
        onChange=${async (/** @type {globalThis.Event} */ event) => {
          const box = /** @type {HTMLInputElement} */ (event.target);
          await choose(box.checked);
          box.checked = pushed.value;
        }}
      />
      <span class="switch__text">
        <span class="switch__label">${t('Push notifications')}</span>
        <span class="field__hint" id="me-push-about">${
          canPush
            ? t('On this device, also while Bullpen is closed')
            : t('This browser offers them only over HTTPS, if at all.')
        }</span>
      </span>
    </label>
  `;
}

/** The browser's own errors are written for programmers. @param {unknown} error */
const problemOf = (error) =>
  error instanceof DOMException ? t('your browser cannot reach its push service') : reasonOf(error);
