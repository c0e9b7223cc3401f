import { html } from '../core/html.js';
import { sentence, t } from '../core/language.js';
import { connection } from '../core/realtime/connection.js';
import { tryNow } from '../core/realtime/stream.js';
import { Icon } from '../ui/Icon.js';

/** Says that what others do does not arrive, and that what one writes waits. */
export function ConnectionBar() {
  if (connection.value !== 'lost') return null;
  return html`
    <div class="connection">
      <p class="connection__text" role="alert">
        <${Icon} name="wifi-off" size=${16} />
        <span>${sentence(t('<strong>Connection lost.</strong> Your messages will send when you reconnect.'), { strong: (/** @type {string} */ words) => html`<strong>${words}</strong>` })}</span>
        <button class="connection__retry" type="button" onClick=${tryNow}>${t('Try now')}</button>
      </p>
    </div>
  `;
}
