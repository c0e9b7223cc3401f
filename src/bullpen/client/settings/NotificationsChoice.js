import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { permission, want, wanted } from '../shell/notifications.js';
import { DigestChoice } from './DigestChoice.js';
import { NotificationTimes } from './NotificationTimes.js';
import { PushChoice } from './PushChoice.js';

/** @param {{ tag?: 'h2' | 'h3' }} props the heading's level, where it is shown */
export function NotificationsChoice({ tag = 'h3' }) {
  const refused = permission.value === 'denied' || permission.value === null;
  return html`
    <section class="about__part" aria-labelledby="me-notifications">
      <${tag} class="form__title" id="me-notifications">${t('Notifications')}<//>
      <label class="switch">
        <input
          type="checkbox"
          role="switch"
          checked=${wanted.value && permission.value === 'granted'}
          disabled=${refused}
          aria-describedby="me-notifications-about"
          onChange=${async (/** @type {globalThis.Event} */ event) => {
            const box = /** @type {HTMLInputElement} */ (event.target);
            await want(box.checked);
            box.checked = wanted.value;
          }}
        />
        <span class="switch__text">
          <span class="switch__label">${t('Desktop notifications')}</span>
          <span class="field__hint" id="me-notifications-about">${explained()}</span>
        </span>
      </label>
      <${PushChoice} />
      <${NotificationTimes} />
      <${DigestChoice} />
    </section>
  `;
}

function explained() {
  if (permission.value === null) return t("Notifications aren't available in this browser.");
  if (permission.value === 'denied')
    return t('Your browser blocks notifications from this site. Allow them in the site settings.');
  return t('Direct messages and mentions while Bullpen is in the background');
}
