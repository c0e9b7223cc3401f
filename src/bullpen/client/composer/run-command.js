// Does what a command says.

import { addMember, changeChannel } from '../channels/requests.js';
import { isDirect } from '../core/kinds.js';
import { t } from '../core/language.js';
import { reasonOf } from '../core/refusals.js';
import { go } from '../core/router.js';
import { addressOfMember, state, userOf } from '../core/store/store.js';
import { inlineMomentLabel } from '../core/time-format.js';
import { usersIn } from '../messages/mentionable.js';
import { pause } from '../pauses/requests.js';
import { putSaved } from '../saved/requests.js';
import { ownTimeZone } from '../saved/time-zone.js';
import { askedBy, broughtTo } from './agent-commands.js';
import { momentIn } from './commands.js';

/** @import { Channel, Place } from '../core/types.js' */
/** @import { Read } from './commands.js' */

/** @typedef {{ problem?: string, said?: string, post?: string }} Outcome  post: a message to send instead */
/** @typedef {{ rest: string, channel: Channel, place: Place }} Asked */

/** @type {Record<string, (asked: Asked) => Promise<Outcome>>} */
const acts = {
  async topic({ rest, channel }) {
    if (rest === '') return { problem: t('Write the new topic after /topic.') };
    await changeChannel(channel.id, { topic: rest });
    return { said: t('Topic changed') };
  },
  async invite({ rest, channel }) {
    const named = [...new Set(usersIn(rest).map(({ id }) => id))];
    if (named.length === 0)
      return { problem: t('Write whom to add after /invite, each with @, like /invite @name.') };
    const added = named.filter((id) => !channel.memberIds.includes(id));
    for (const id of added) await addMember(channel.id, id);
    if (added.length === 0)
      return { problem: t('{name} can read this channel already.', { name: namesOf(named) }) };
    return { said: t('Added {name}', { name: namesOf(added) }) };
  },
  async remind({ rest, place }) {
    const now = new Date();
    const at = momentIn(rest, now, await ownTimeZone());
    if (at === null)
      return {
        problem: t(
          'Write when after /remind: in 20 minutes, in 2 hours, tomorrow, 15:30 or 2030-01-02 9:00.',
        ),
      };
    if (at <= now) return { problem: t('Choose a time that is still to come.') };
    const { threads, messages } = state.peek();
    const newest =
      place.parentMessageId === null
        ? messages[place.channelId]?.items.at(-1)
        : (threads[place.parentMessageId]?.replies.items.at(-1) ?? threads[place.parentMessageId]?.root);
    if (!newest) return { problem: t('There is no message here yet to be reminded of.') };
    await putSaved(newest.id, { remindAt: at.toISOString() });
    return {
      said: t('You’ll be reminded of the newest message {time}', { time: inlineMomentLabel(at, now) }),
    };
  },
  async agent({ rest }) {
    const named = usersIn(rest).find(({ id }) => userOf(id).kind === 'agent');
    if (!named)
      return {
        problem: t('Write which agent after /agent, with @, like /agent @name. What follows is asked.'),
      };
    if (rest.slice(named.end).trim() !== '') return { post: rest };
    go(addressOfMember(named.id));
    return {};
  },
  async pause({ rest, channel }) {
    await pause({ channelId: channel.id, ...(rest !== '' && { reason: rest }) });
    return { said: t('All agents are paused here') };
  },
};

/** @param {string[]} ids */
const namesOf = (ids) => ids.map((id) => userOf(id).displayName).join(', ');

/** @param {Exclude<Read, { kind: 'text' }>} read @param {Channel} channel @param {Place} place @returns {Promise<Outcome>} */
export async function runCommand(read, channel, place) {
  if (read.kind === 'other') return askedBy(read.text, read.name, broughtTo(channel));
  const { command, rest } = read;
  if (command.onlyInChannels && isDirect(channel))
    return { problem: t('/{command} works in channels, not in direct messages.', { command: command.name }) };
  try {
    return (await acts[command.name]?.({ rest, channel, place })) ?? {};
  } catch (error) {
    return {
      problem: t('/{command} did not work: {reason}.', { command: command.name, reason: reasonOf(error) }),
    };
  }
}
