// Which messages somebody is told of who is not looking: those to them alone, and those that name them. Pure.
import { addressOf } from '../core/addresses.js';
import { mentionsIn, namesOf } from '../messages/mentions.js';
import { plainText } from '../messages/plain-text.js';

/** @import { Channel, LogEvent, Message, User } from '../core/types.js' */

/** @typedef {{ title: string, body: string, address: string, channelId: string, tag?: string }} Notice */
/** @typedef {{ me: string, channels: Record<string, Channel>, preferences?: Record<string, { isMuted: boolean }>, nameOf: (userId: string) => string, names?: import('../messages/mentions.js').Trie, now: number }} Known */

const mostShown = 160;
// What is older came while there was no connection; the counts tell of it.
const longestAgo = 10 * 60_000;

/** @param {LogEvent} event @param {Known} known @returns {Notice | null} */
export function noticeOf(event, { me, channels, preferences, nameOf, names, now }) {
  if (event.type !== 'message.created' || event.message.notice) return null;
  const { message, channelId, parentMessageId } = event;
  const channel = channels[channelId];
  if (!channel || message.userId === me || now - Date.parse(message.timestamp) > longestAgo) return null;
  const isMuted = preferences?.[channelId]?.isMuted;
  const direct = channel.kind === 'dm' && channel.memberIds.includes(me);
  const known = names ?? namesOf([{ id: me, name: nameOf(me) }]);
  if ((!direct || isMuted) && !mentionsIn(message.text, known).some(({ id }) => id === me)) return null;
  const author = nameOf(message.userId);
  return {
    title: direct ? author : `${author} in #${channel.name}`,
    body: shortened(message.text),
    address: addressOf(channel, parentMessageId, message.id),
    channelId,
  };
}

/** @param {Message} message a saved one @param {Channel} channel @param {string} author @returns {Notice} */
export function reminderOf(message, channel, author) {
  return {
    title: 'Reminder',
    body: `${author}: ${shortened(message.text)}`,
    address: addressOf(channel, message.parentMessageId ?? null, message.id),
    channelId: channel.id,
    tag: `reminder ${message.id}`,
  };
}

/** @param {string} text */
function shortened(text) {
  const letters = [...plainText(text)];
  return letters.length > mostShown ? `${letters.slice(0, mostShown).join('')}…` : letters.join('');
}
