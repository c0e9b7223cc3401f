// Whom `@channel` and `@here` notify of a message, as chat/sql/mention_groups.sql does.

import { isDirect } from '../core/kinds.js';
import { plural, t } from '../core/language.js';
import { isActive, session, titleOf, userOf } from '../core/store/store.js';
import { groupsIn } from '../messages/mentionable.js';
import { ask } from '../ui/prompts.js';

/** @import { Channel, Place } from '../core/types.js' */

// Fewer are notified without a question.
const many = 6;

/** The other people in a channel. @param {Channel} channel */
export function peopleIn(channel) {
  const me = session.value?.userId;
  return channel.memberIds.filter(
    (id) => id !== me && userOf(id).kind === 'person' && isActive(id) !== false,
  );
}

/** Whether `@channel` and `@here` work in a place: it has more than one other member and is not a thread, which notifies its followers. @param {Channel} channel @param {Place} place */
export function canNotifyAll(channel, { parentMessageId }) {
  const isPerson = userOf(session.value?.userId ?? '').kind === 'person';
  return isPerson && !isDirect(channel) && parentMessageId === null;
}

/** How many people a text notifies at most; null where it mentions no group. @param {string} text @param {Channel} channel @param {Place} place */
export function notifiedBy(text, channel, place) {
  const groups = canNotifyAll(channel, place) ? groupsIn(text) : [];
  return groups.length === 0
    ? null
    : { most: peopleIn(channel).length, isExact: groups.includes('@channel') };
}

/** In the composer, what a mention of a group will do. @param {string} text @param {Channel} channel @param {Place} place */
export function notifiedLabel(text, channel, place) {
  const [group] = groupsIn(text);
  if (group && place.parentMessageId !== null) return t('{group} notifies nobody in a thread', { group });
  const notified = notifiedBy(text, channel, place);
  return (
    notified &&
    t('Notifies {value}{counted}', {
      value: notified.isExact ? '' : t('up to '),
      counted: counted(notified.most),
    })
  );
}

/** Whether the composer asks before it notifies so many. @param {string} text @param {Channel} channel @param {Place} place */
export const isForMany = (text, channel, place) => (notifiedBy(text, channel, place)?.most ?? 0) > many;

/** @param {string} text @param {Channel} channel @param {Place} place */
export function askToNotify(text, channel, place) {
  const notified = notifiedBy(text, channel, place);
  const people = counted(notified?.most ?? 0);
  return ask({
    title: t('Notify {people}?', { people }),
    text: notified?.isExact
      ? t('Everybody in {channel} is notified of this message: {people}.', {
          channel: titleOf(channel),
          people,
        })
      : t('Those in {channel} who have Bullpen open are notified of this message: up to {people}.', {
          channel: titleOf(channel),
          people,
        }),
    action: t('Send and notify'),
    isHarmless: true,
  });
}

/** @param {number} number */
const counted = (number) => plural(number, '{count} person', '{count} people');
