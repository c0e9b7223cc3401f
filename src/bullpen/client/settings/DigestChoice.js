import { getSetup } from '../account/requests.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { isTeam } from '../core/mode.js';
import { state } from '../core/store/store.js';
import { useLoaded } from '../ui/use-loaded.js';
import { changeNotifications } from './notification-requests.js';

/** @import { NotificationSettings } from '../core/types.js' */

/** How often an e-mail tells of what is unread. Only where the server sends e-mails. */
export function DigestChoice() {
  return isTeam ? html`<${Choice} />` : null;
}

function Choice() {
  const setUp = useLoaded('setup', getSetup);
  const { digest } = state.value.notifications;
  if (!setUp.data?.sendsEmail) return null;
  /** @param {globalThis.Event} event */
  async function choose({ target }) {
    const select = /** @type {HTMLSelectElement} */ (target);
    const chosen = /** @type {NotificationSettings['digest']} */ (select.value);
    if (!(await changeNotifications({ digest: chosen }))) select.value = digest;
  }
  return html`
    <div class="field">
      <label class="field__label" for="field-digest">${t('E-mail while you’re away')}</label>
      <select class="input" id="field-digest" value=${digest} aria-describedby="digest-about" onChange=${choose}>
        <option value="daily">${t('Once a day')}</option>
        <option value="hourly">${t('Once an hour')}</option>
        <option value="off">${t('Never')}</option>
      </select>
      <p class="field__hint" id="digest-about">${t('Unread direct messages, mentions and replies in threads you follow')}</p>
    </div>
  `;
}
