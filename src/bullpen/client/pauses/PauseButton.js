import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { Icon } from '../ui/Icon.js';
import { usePausing } from './pausing.js';

/** @import { Pause } from '../core/types.js' */

/** Pauses a place, or resumes it where it is paused. @param {{ paused: Pause | undefined, place: import('./requests.js').Paused, name: string, label?: string }} props name: what is paused, for those who hear the button */
export function PauseButton({ paused, place, name, label }) {
  const pausing = usePausing();
  return paused
    ? html`<button class="button button--small" type="button" aria-label=${t('Resume {name}', { name })} aria-disabled=${pausing.busy} onClick=${() => pausing.resume(paused)}><${Icon} name="play" size=${14} /> ${t('Resume')}</button>`
    : html`<button class="button button--small button--outlined" type="button" aria-label=${label ? undefined : t('Pause {name}', { name })} aria-disabled=${pausing.busy} onClick=${() => pausing.pause(place)}><${Icon} name="pause" size=${14} /> ${label ?? t('Pause')}</button>`;
}
