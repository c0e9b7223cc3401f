import { addressOf } from '../core/addresses.js';
import { isDirect } from '../core/kinds.js';
import { t } from '../core/language.js';
import { channels, titleBeside } from '../core/store/store.js';

/** @import { Channel, Run } from '../core/types.js' */

/** What began a run, in words, and where that is. @param {Run} run @returns {{ label: string, address: string | null }} */
export function triggerOf(run) {
  const channel = run.channelId ? channels.value?.[run.channelId] : undefined;
  if (!channel) return { label: run.triggerMessageId ? t('A message') : t('The schedule'), address: null };
  return { label: wordsOf(run, channel), address: addressOf(channel) };
}

/** @param {Run} run @param {Channel} channel */
function wordsOf(run, channel) {
  const place = titleBeside(channel, run.agentId);
  if (!run.triggerMessageId) return t('The schedule, for {place}', { place });
  if (isDirect(channel)) return t('A direct message with {names}', { names: place });
  return t('A message in {place}', { place });
}
