import { useEffect } from 'preact/hooks';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { durationLabel } from '../core/time-format.js';
import { costLabel } from '../run/cost.js';
import { tokenLabel } from '../run/trace.js';
import { addressOfWhy } from '../why/open-why.js';
import { minds, readsMinds, wantMind } from './minds.js';

/** Thought, memory and price of one message, where mind-reading is on. @param {{ messageId: string, channelId: string }} props */
export function MindLine({ messageId, channelId }) {
  const on = readsMinds(channelId);
  const mind = minds.value[messageId];
  useEffect(() => {
    if (on) wantMind(messageId);
  }, [on, messageId]);
  if (!on || !mind) return null;
  const facts = [
    mind.memory.length > 0 && t('memory: {labels}', { labels: mind.memory.join(', ') }),
    mind.modelId,
    mind.milliseconds !== null && durationLabel(mind.milliseconds),
    mind.tokenUsage && tokenLabel(mind.tokenUsage),
    mind.costUsd !== null && costLabel(mind.costUsd),
    mind.isHidden && t('some of it is hidden'),
  ].filter(Boolean);
  return html`
    <a class="mind-line" href=${addressOfWhy(messageId)} tabindex="-1" data-roving>
      <span class="visually-hidden">${t('Why?')} </span>
      ${mind.thought && html`<span class="mind-line__thought" dir="auto">${mind.thought}</span>`}
      <span class="mind-line__facts">${facts.join(' · ')}</span>
    </a>
  `;
}
