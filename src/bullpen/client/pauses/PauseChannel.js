import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { pauseOfChannel } from '../core/store/pauses.js';
import { titleOf } from '../core/store/store.js';
import { PauseButton } from './PauseButton.js';
import { useMayPauseChannel } from './use-may-pause.js';

/** In a channel's details: whether agents answer in it. @param {{ channel: import('../core/types.js').Channel }} props */
export function PauseChannel({ channel }) {
  const paused = pauseOfChannel(channel.id);
  if (!useMayPauseChannel(channel)) return null;
  return html`
    <section class="about__part about__endings" aria-label=${t('Agents in this channel')}>
      <p class="quiet">${paused ? t('Agents are paused here. What is asked of them waits.') : t('Agents answer here.')}</p>
      <${PauseButton} paused=${paused} place=${{ channelId: channel.id }} name=${t('agents in {channel}', { channel: titleOf(channel) })} label=${t('Pause agents')} />
    </section>
  `;
}
