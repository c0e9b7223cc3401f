import { useFocusKept } from '../composer/focus-kept.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { pausesIn } from '../core/store/pauses.js';
import { userOf } from '../core/store/store.js';
import { today } from '../core/time.js';
import { momentLabel } from '../core/time-format.js';
import { Icon } from '../ui/Icon.js';
import { usePausing } from './pausing.js';
import { useMayPauseAgent, useMayPauseChannel, useMayPauseWorkspace } from './use-may-pause.js';

/** @import { Channel, Pause } from '../core/types.js' */

/** Says that agents do not answer in a conversation, who has paused them and since when, and leads out of it. @param {{ channel: Channel }} props */
export function PauseBanners({ channel }) {
  return pausesIn(channel).map(
    (pause) => html`<${PauseBanner} key=${pause.id} pause=${pause} channel=${channel} />`,
  );
}

/** @param {{ pause: Pause, channel: Channel }} props */
function PauseBanner({ pause, channel }) {
  const control = useFocusKept();
  const pausing = usePausing();
  const mayResume = useMayResume(pause, channel);
  const what = pausedWords(pause);
  return html`
    <div class="paused" role="status">
      <${Icon} name="pause" size=${14} />
      <p class="paused__text">
        <strong>${what}</strong>
        <span class="paused__part" dir="auto">${userOf(pause.pausedBy).displayName}, ${momentLabel(new Date(pause.pausedAt), today.value)}</span>
        ${pause.reason && html`<span class="paused__part" dir="auto">${pause.reason}</span>`}
      </p>
      ${mayResume && html`<button class="paused__resume" type="button" ref=${control} aria-label=${t('Resume: {what}', { what })} aria-disabled=${pausing.busy} onClick=${() => pausing.resume(pause)}>${t('Resume')}</button>`}
    </div>
  `;
}

/** @param {Pause} pause @param {Channel} channel */
function useMayResume({ agentId, channelId }, channel) {
  const ofWorkspace = useMayPauseWorkspace();
  const ofChannel = useMayPauseChannel(channel);
  const ofAgent = useMayPauseAgent(agentId ?? '');
  if (agentId !== null) return ofAgent;
  return channelId === null ? ofWorkspace : ofChannel;
}

/** @param {Pause} pause */
export function pausedWords({ agentId, channelId }) {
  if (agentId !== null) return t('{name} is paused.', { name: userOf(agentId).displayName });
  return channelId === null ? t('All agents are paused.') : t('Agents are paused here.');
}
