// Archiving a channel, with a way back: its messages stay, and nobody can write in it until it is restored.

import { send } from '../core/http.js';
import { t } from '../core/language.js';
import { reasonOf } from '../core/refusals.js';
import { say } from '../ui/prompts.js';
import { refreshChannels } from './requests.js';

/** @import { Channel } from '../core/types.js' */

const part = encodeURIComponent;

/** @param {Channel} channel */
export async function archiveChannel(channel) {
  await send('POST', `/api/channels/${part(channel.id)}/archive`);
  await refreshChannels();
  say(t('#{channel} is archived.', { channel: channel.name }), () => void takeBack(channel));
}

/** @param {Channel} channel */
export async function restoreChannel(channel) {
  await send('POST', `/api/channels/${part(channel.id)}/restore`);
  await refreshChannels();
}

/** @param {Channel} channel */
async function takeBack(channel) {
  try {
    await restoreChannel(channel);
    say(t('#{channel} is restored.', { channel: channel.name }));
  } catch (error) {
    say(t('#{channel} could not be restored: {reason}.', { channel: channel.name, reason: reasonOf(error) }));
  }
}
