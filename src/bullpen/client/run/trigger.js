import { addressOf } from '../core/addresses.js';
import { isDirect } from '../core/kinds.js';
import { t } from '../core/language.js';
import { channels, titleBeside } from '../core/store/store.js';

/** @import { Run } from '../core/types.js' */

/** What began a run, in words, and where that is. @param {Run} run @returns {{ label: string, address: string | null }} */
export function triggerOf(run) {
  const what = run.triggerMessageId ? 'A message' : t('The schedule');
  const channel = run.channelId ? channels.value?.[run.channelId] : undefined;
  if (!channel) return { label: what, address: null };
  const address = addressOf(channel);
  if (!run.triggerMessageId)
    return {
      label: t('{what}, for {channel}', { what, channel: titleBeside(channel, run.agentId) }),
      address,
    };
  if (isDirect(channel))
    return {
      label: t('A direct message with {channel}', { channel: titleBeside(channel, run.agentId) }),
      address,
    };
  return { label: t('{what} in {channel}', { what, channel: titleBeside(channel, run.agentId) }), address };
}
