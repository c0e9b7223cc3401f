import { settle, tryAgain } from '../composer/outbox.js';
import { html } from '../core/html.js';
import { Icon } from '../ui/Icon.js';

/** What became of a message that is not confirmed. @param {{ pending: import('../core/types.js').Pending }} props */
export function PendingNote({ pending }) {
  const { id, status, error } = pending;
  if (status === 'sending') return html`<span class="visually-hidden">Sending</span>`;
  return html`
    <p class=${`pending pending--${status}`} role=${status === 'failed' ? 'alert' : 'status'}>
      <${Icon} name=${status === 'failed' ? 'circle-alert' : 'wifi-off'} size=${14} />
      <span>${status === 'failed' ? `Couldn’t send. ${error}` : 'Will send when you’re back online.'}</span>
      <button class="pending__act" type="button" onClick=${() => tryAgain(id)}>Try again</button>
      <button class="pending__act" type="button" onClick=${() => settle(id)}>Delete</button>
    </p>
  `;
}
