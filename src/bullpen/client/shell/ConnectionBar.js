import { html } from '../core/html.js';
import { sentence, t } from '../core/language.js';
import { lookSoon } from '../core/outage.js';
import { connection } from '../core/realtime/connection.js';
import { tryNow } from '../core/realtime/stream.js';
import { seenAt } from '../core/seen.js';
import { today } from '../core/time.js';
import { inlineMomentLabel } from '../core/time-format.js';
import { Icon } from '../ui/Icon.js';

/** Says that what others do does not arrive, and that what one writes waits. */
export function ConnectionBar() {
  if (seenAt.value !== null) {
    const when = inlineMomentLabel(new Date(seenAt.value), today.value);
    const text = t('<strong>You’re offline.</strong> Showing what was last seen {when}.', { when });
    return html`<${Bar} text=${text} onRetry=${lookSoon} />`;
  }
  if (connection.value !== 'lost') return null;
  const text = t('<strong>Connection lost.</strong> Your messages will send when you reconnect.');
  return html`<${Bar} text=${text} onRetry=${tryNow} />`;
}

/** @param {{ text: string, onRetry: () => void }} props */
function Bar({ text, onRetry }) {
  const strong = (/** @type {string} */ words) => html`<strong>${words}</strong>`;
  return html`
    <div class="connection">
      <p class="connection__text" role="alert">
        <${Icon} name="wifi-off" size=${16} />
        <span>${sentence(text, { strong })}</span>
        <button class="connection__retry" type="button" onClick=${onRetry}>${t('Try now')}</button>
      </p>
    </div>
  `;
}
