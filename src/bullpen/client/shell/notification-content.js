// What is said of a message that somebody is notified of. Pure.

import { addressOf } from '../core/addresses.js';
import { isDirect } from '../core/kinds.js';
import { plural, t } from '../core/language.js';
import { follows } from '../core/store/thread-counts.js';
import { isInChannel } from '../core/store/unread-counts.js';
import { mentionsIn, namesOfUsers } from '../messages/mentions.js';
import { plainText } from '../messages/plain-text.js';
import { hasKeyword } from './keywords.js';
import { notifies } from './notification-rule.js';

/** @import { About } from './notification-rule.js' */
/** @import { Channel, ChannelPreferences, LogEvent, Message, State } from '../core/types.js' */

/** @typedef {{ title: string, body: string, address: string, channelId: string, tag?: string }} Notice */
/** @typedef {{ me: string, channels: Record<string, Channel>, preferences?: Record<string, ChannelPreferences>, threads?: State['follows'], nameOf: (userId: string) => string, names?: import('../messages/mentions.js').Trie, groupIds?: string[], keywords?: string[], now: number }} Known */

const mostShown = 160;
// What is older came while there was no connection; the counts show it.
const longestAgo = 10 * 60_000;

/** @param {LogEvent} event @param {Known} known @returns {Notice | null} */
export function noticeOf(
  event,
  { me, channels, preferences, threads = {}, nameOf, names, groupIds = [], keywords = [], now },
) {
  if (event.type !== 'message.created' || event.message.notice) return null;
  const { message, channelId, parentMessageId } = event;
  const channel = channels[channelId];
  if (!channel || message.userId === me || now - Date.parse(message.timestamp) > longestAgo) return null;
  const { isMuted = false, notifies: level } = preferences?.[channelId] ?? {};
  const direct = isDirect(channel) && channel.memberIds.includes(me);
  const known = names ?? namesOfUsers([{ id: me, name: nameOf(me) }]);
  const mentions = mentionsIn(message.text, known).map(({ id }) => id);
  const byGroup = mentions.some((id) => groupIds.includes(id));
  const isInside = channel.memberIds.includes(me);
  const about = {
    isDirect: direct,
    isMuted,
    ...(level && { level }),
    mention: mentionOf(
      mentions.includes(me) || (byGroup && isInside),
      byGroup || event.mentions?.includes(me),
      isInside && hasKeyword(keywords, message.text),
    ),
    isOfThread: !isInChannel(event),
    follows: event.root !== undefined && follows(threads, event.root, me),
  };
  if (!notifies(about)) return null;
  const author = nameOf(message.userId);
  return {
    title: direct ? titleIn(channel, author) : t('{author} in #{channel}', { author, channel: channel.name }),
    body: shortened(message.text),
    address: addressOf(channel, parentMessageId, message.id),
    channelId,
  };
}

/** @param {Channel} channel a direct message @param {string} author */
function titleIn({ kind, memberIds }, author) {
  if (kind === 'dm') return author;
  const others = memberIds.length - 2;
  return plural(others, '{author} to you and {count} other', '{author} to you and {count} others', {
    author,
  });
}

/** @param {boolean} named @param {boolean | undefined} meant @param {boolean} hasWord @returns {About['mention']} */
const mentionOf = (named, meant, hasWord) => (named ? 'name' : meant ? 'group' : hasWord ? 'keyword' : null);

/** @param {Message} message a saved one @param {Channel} channel @param {string} author @returns {Notice} */
export function reminderOf(message, channel, author) {
  return {
    title: t('Reminder'),
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
