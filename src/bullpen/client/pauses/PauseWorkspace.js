import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { workspacePause } from '../core/store/pauses.js';
import { userOf } from '../core/store/store.js';
import { today } from '../core/time.js';
import { inlineMomentLabel } from '../core/time-format.js';
import { PauseButton } from './PauseButton.js';

/** For administrators: all agents at once. */
export function PauseWorkspace() {
  const paused = workspacePause();
  return html`
    <section class="account__part" aria-labelledby="pause-title">
      <h2 class="form__title" id="pause-title">${t('All agents')}</h2>
      <p class="quiet">${paused ? t('Paused by {name} {time}. What is asked of agents waits until they are resumed.', { name: userOf(paused.pausedBy).displayName, time: inlineMomentLabel(new Date(paused.pausedAt), today.value) }) : t('Paused agents begin nothing, and what they have begun waits. Nothing that was asked of them is lost.')}</p>
      <p class="pause-all"><${PauseButton} paused=${paused} place=${{}} name=${t('all agents')} label=${t('Pause all agents')} /></p>
    </section>
  `;
}
