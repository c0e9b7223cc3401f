import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { session } from '../core/store/store.js';
import { distanceLabel, localTimeLabel } from '../core/time-format.js';
import { fromLocalInputIn, localInputIn, timeChoices, tomorrowMorning } from '../core/zoned-times.js';
import { browserZone, ownTimeZone } from '../saved/time-zone.js';
import { Field } from './Field.js';
import { useLoaded } from './use-loaded.js';

/** The zone of the current user's profile, or else of the browser; null until that is known. */
export function useTimeZone() {
  const me = session.value?.userId ?? '';
  return useLoaded(`time-zone:${me}`, ownTimeZone).data ?? null;
}

/**
 * The times that are offered, and one that somebody enters.
 * @param {{ action: string, busy: boolean, choose: (at: Date) => void, initial?: Date | null, error?: string | undefined }} props action: what happens at that time
 */
export function TimeChoices({ action, busy, choose, initial = null, error }) {
  const zone = useTimeZone();
  const typed = useSignal(/** @type {string | null} */ (null));
  if (zone === null) return null;
  const now = new Date();
  const text = typed.value ?? localInputIn(initial ?? tomorrowMorning(now, zone), zone);
  const own = fromLocalInputIn(text, zone);
  const isPast = own !== null && own <= now;
  const hint = [
    own && !isPast && distanceLabel(own, now),
    zone !== browserZone() && t('Times are in {zone}', { zone }),
  ];

  /** @param {SubmitEvent} event */
  function submit(event) {
    event.preventDefault();
    if (own && !isPast) choose(own);
  }

  return html`
    <ul class="time-choices">
      ${timeChoices(now, zone).map(
        ({ name, at }) => html`
          <li key=${name}>
            <button class="time-choices__choice" type="button" disabled=${busy} onClick=${() => choose(at)}>
              <span>${name}</span> <span class="quiet">${localTimeLabel(at, zone)}</span>
            </button>
          </li>
        `,
      )}
    </ul>
    <form class="time-choices__own" onSubmit=${submit}>
      <${Field} label=${t('At another time')} type="datetime-local" name="own-time" value=${text} onInput=${(
        /** @type {string} */ value,
      ) => {
        typed.value = value;
      }}
        error=${own === null ? t('Choose a date and time.') : isPast ? t('Choose a time that is still to come.') : error}
        hint=${hint.filter(Boolean).join(' · ')} />
      <button class="button button--main" type="submit" disabled=${busy || !own || isPast}>${action}</button>
    </form>
  `;
}
