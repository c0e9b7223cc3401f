import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { today } from '../core/time.js';
import { fromLocalInput, localInput, momentLabel } from '../core/time-format.js';
import { Field } from '../ui/Field.js';
import { Icon } from '../ui/Icon.js';

/** @import { Moments } from '../core/types.js' */

const minute = 60_000;

/**
 * A slider from the first message until now, and buttons that go from change to change.
 * @param {{ at: string, moments: Moments, busy: boolean, choose: (at: string) => void }} props
 */
export function MomentPicker({ at, moments, busy, choose }) {
  // While the slider moves, its label follows; what is shown below follows when it is let go.
  const dragged = useSignal(/** @type {number | null} */ (null));
  const moment = new Date(dragged.value ?? at);
  const now = today.value;
  const latest = new Date(moments.latest);
  const earliest = moments.earliest ? new Date(moments.earliest) : moment;
  const label = momentLabel(moment, now);

  /** @param {number} time */
  function settle(time) {
    dragged.value = null;
    choose(new Date(time).toISOString());
  }

  // Until the moments around the new one are known, there is nowhere to go; the button keeps the focus.
  /** @param {string | null} moment */
  function step(moment) {
    if (moment && !busy) choose(moment);
  }

  return html`
    <section class="history__picker card" aria-label=${t('Moment')}>
      <p class="history__moment" role="status">${label}</p>
      <div class="history__slider">
        <button class="button button--small history__earlier" type="button" aria-disabled=${busy || !moments.previous} onClick=${() => step(moments.previous)} data-tip=${t('Earlier change')} aria-label=${t('Earlier change')}><${Icon} name="chevron-right" size=${18} /></button>
        <input
          class="history__range"
          type="range"
          aria-label=${t('Moment')}
          aria-valuetext=${label}
          min=${Math.floor(earliest.getTime() / minute) * minute}
          max=${latest.getTime()}
          step=${minute}
          value=${moment.getTime()}
          onInput=${(/** @type {InputEvent} */ event) => {
            dragged.value = Number(/** @type {HTMLInputElement} */ (event.target).value);
          }}
          onChange=${(/** @type {globalThis.Event} */ event) => settle(Number(/** @type {HTMLInputElement} */ (event.target).value))}
        />
        <button class="button button--small" type="button" aria-disabled=${busy || !moments.next} onClick=${() => step(moments.next)} data-tip=${t('Later change')} aria-label=${t('Later change')}><${Icon} name="chevron-right" size=${18} /></button>
      </div>
      <div class="history__exact">
        <${Field} label=${t('Date and time')} name="history-at" type="datetime-local" value=${localInput(moment)} onInput=${(
          /** @type {string} */ text,
        ) => {
          const given = fromLocalInput(text);
          if (given) choose(given.toISOString());
        }} />
        <button class="button button--small button--quiet" type="button" onClick=${() => choose(latest.toISOString())}>${t('Now')}</button>
      </div>
    </section>
  `;
}
