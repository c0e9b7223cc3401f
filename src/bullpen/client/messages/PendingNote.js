import { settle, tryAgain } from '../composer/outbox.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { Icon } from '../ui/Icon.js';

/** What became of a message that is not confirmed. @param {{ pending: import('../core/types.js').Pending }} props */
export function PendingNote({ pending }) {
  const { id, status, error } = pending;
  if (status === 'sending') return html`<span class="visually-hidden">${t('Sending')}</span>`;
  return html`
    <p class=${`pending pending--${status}`} role=${status === 'failed' ? 'alert' : 'status'}>
      <${Icon} name=${status === 'failed' ? 'circle-alert' : 'wifi-off'} size=${14} />
      <span>${status === 'failed' ? t('Couldn’t send. {error}', { error }) : t('Will send when you’re back online.')}</span>
      <button class="pending__act" type="button" onClick=${() => tryAgain(id)}>${t('Try again')}</button>
      <button class="pending__act" type="button" onClick=${() => settle(id)}>${t('Delete')}</button>
    </p>
  `;
}
