import { html } from '../core/html.js';
import { isDirect } from '../core/kinds.js';
import { t } from '../core/language.js';
import { titleOf } from '../core/store/store.js';
import { isAlsoInChannel, setAlsoInChannel } from './drafts.js';

/** @import { Channel, Place } from '../core/types.js' */

/** Whether a reply is also sent to the channel; kept with the draft. @param {{ channel: Channel, place: Place }} props */
export function AlsoInChannel({ channel, place }) {
  const words = isDirect(channel)
    ? t('Also send as a direct message')
    : t('Also send to {channel}', { channel: titleOf(channel) });
  return html`
    <label class="composer__also">
      <input
        type="checkbox"
        checked=${isAlsoInChannel(place)}
        onChange=${(/** @type {globalThis.Event} */ event) =>
          setAlsoInChannel(place, /** @type {HTMLInputElement} */ (event.target).checked)}
      />
      <span dir="auto">${words}</span>
    </label>
  `;
}
