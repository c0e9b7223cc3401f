import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { state } from '../core/store/store.js';
import { inlineMomentLabel } from '../core/time-format.js';
import { tomorrowMorning } from '../core/zoned-times.js';
import { Field } from '../ui/Field.js';
import { say } from '../ui/prompts.js';
import { useTimeZone } from '../ui/TimeChoices.js';
import { Keywords } from './Keywords.js';
import { changeNotifications } from './notification-requests.js';

const hour = 3_600_000;
const usualHours = { quietFrom: '22:00', quietUntil: '07:00' };

/** When there are no notifications, whether they make a sound, and of which words there are some, in all windows of the current user. */
export function NotificationTimes() {
  const { pausedUntil, quietFrom, quietUntil, isSilent } = state.value.notifications;
  const zone = useTimeZone();
  const now = new Date();
  const isPaused = pausedUntil !== null && new Date(pausedUntil) > now;

  /** @param {Date} until */
  const pause = (until) => changeNotifications({ pausedUntil: until.toISOString() });

  /** @param {'quietFrom' | 'quietUntil'} name @param {string} value */
  function setHour(name, value) {
    const hours = { quietFrom, quietUntil, [name]: value };
    // A field that is being typed in is empty for a moment.
    if (!/^\d\d:\d\d$/.test(value)) return;
    if (hours.quietFrom === hours.quietUntil) say(t('Choose two different times.'));
    else changeNotifications(hours);
  }

  return html`
    <div class="notification-times">
      <p class="notification-times__pause" role="group" aria-label=${t('Pause notifications')}>
        ${
          isPaused
            ? html`<span role="status">${t('Paused until {time}', { time: inlineMomentLabel(new Date(pausedUntil), now) })}</span>
                <button class="button button--small" type="button" onClick=${() => changeNotifications({ pausedUntil: null })}>${t('Resume')}</button>`
            : html`<span>${t('Pause')}</span>
                <button class="button button--small" type="button" onClick=${() => pause(new Date(Date.now() + hour))}>${t('For 1 hour')}</button>
                <button class="button button--small" type="button" disabled=${zone === null} onClick=${() => zone && pause(tomorrowMorning(new Date(), zone))}>${t('Until tomorrow')}</button>`
        }
      </p>
      ${toggle(
        t('Do not disturb'),
        t('No notifications at these hours of each day'),
        quietFrom !== null,
        (on) => changeNotifications(on ? usualHours : { quietFrom: null, quietUntil: null }),
      )}
      ${
        quietFrom !== null &&
        quietUntil !== null &&
        html`<div class="notification-times__hours">
          <${Field} label=${t('From')} type="time" name="quiet-from" value=${quietFrom} onInput=${(/** @type {string} */ value) => setHour('quietFrom', value)} />
          <${Field} label=${t('Until')} type="time" name="quiet-until" value=${quietUntil} hint=${zone && t('In {zone}', { zone })} onInput=${(/** @type {string} */ value) => setHour('quietUntil', value)} />
        </div>`
      }
      ${toggle(t('Sound'), t('Your system plays one for each notification'), !isSilent, (on) => changeNotifications({ isSilent: !on }))}
      <${Keywords} />
    </div>
  `;
}

/** @param {string} label @param {string} hint @param {boolean} on @param {(on: boolean) => Promise<boolean>} change */
function toggle(label, hint, on, change) {
  const id = `notify-${label.toLowerCase().replaceAll(' ', '-')}`;
  return html`
    <label class="switch">
      <input
        type="checkbox"
        role="switch"
        checked=${on}
        aria-label=${label}
        aria-describedby=${id}
        onChange=${async (/** @type {globalThis.Event} */ event) => {
          const box = /** @type {HTMLInputElement} */ (event.target);
          if (!(await change(box.checked))) box.checked = on;
        }}
      />
      <span class="switch__text">
        <span class="switch__label">${label}</span>
        <span class="field__hint" id=${id}>${hint}</span>
      </span>
    </label>
  `;
}
