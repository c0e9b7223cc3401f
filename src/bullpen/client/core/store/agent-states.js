// What each agent is doing: from the runs under way, as far as the current user can see them, and from today's budgets.

import { computed, signal } from '@preact/signals';
import { isDirect } from '../kinds.js';
import { t } from '../language.js';
import { pauseOfAgent, workspacePause } from './pauses.js';
import { channels, state, titleBeside } from './store.js';

/** @import { LogEvent, Run } from '../types.js' */

/** @typedef {'idle' | 'working' | 'unpaid' | 'paused'} Doing */

/** Runs under way, by their ids. */
export const running = signal(/** @type {Record<string, Run>} */ ({}));

/** Agents whose budget for today is used up; `*` stands for all. */
export const unpaid = signal(/** @type {Set<string>} */ (new Set()));

const runOf = computed(() => {
  /** @type {Record<string, Run>} */
  const found = {};
  for (const run of Object.values(running.value)) found[run.agentId] = run;
  return found;
});

/** @param {LogEvent} event */
export function followRun(event) {
  if (event.type !== 'run.created' && event.type !== 'run.changed') return;
  const { [event.run.id]: known, ...others } = running.peek();
  if (event.run.status === 'running') running.value = { ...others, [event.run.id]: event.run };
  else if (known) running.value = others;
}

/** @param {string} agentId @returns {{ state: Doing, words: string }} */
export function agentState(agentId) {
  const run = runOf.value[agentId];
  const typing = state.value.typing.find((one) => one.agentId === agentId);
  const channelId = run?.channelId ?? typing?.channelId;
  if (run || typing) {
    const channel = channelId ? channels.value?.[channelId] : undefined;
    const place =
      channel &&
      (isDirect(channel)
        ? t('with {channel}', { channel: titleBeside(channel, agentId) })
        : t('in #{channel}', { channel: channel.name }));
    return { state: 'working', words: [t('Working'), place].filter(Boolean).join(' ') };
  }
  if (workspacePause() || pauseOfAgent(agentId)) return { state: 'paused', words: t('Paused') };
  if (unpaid.value.has('*') || unpaid.value.has(agentId))
    return { state: 'unpaid', words: t('Out of budget') };
  return { state: 'idle', words: t('Idle') };
}
