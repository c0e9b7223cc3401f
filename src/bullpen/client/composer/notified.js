// Whom `@channel`, `@here` and user groups notify of a message, as chat/sql/mention_groups.sql and mention_user_groups.sql do.

import { isDirect } from '../core/kinds.js';
import { plural, t } from '../core/language.js';
import { isActive, session, titleOf, userOf } from '../core/store/store.js';
import { groupsIn, userGroupsIn } from '../messages/mentionable.js';
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

/** The other people in the user groups that a text mentions who may be able to read a channel. @param {string} text @param {Channel} channel */
function peopleOfGroups(text, channel) {
  const inside = new Set(peopleIn(channel));
  const ids = new Set(userGroupsIn(text).flatMap((group) => group.memberIds));
  ids.delete(session.value?.userId ?? '');
  const people = [...ids].filter((id) => userOf(id).kind === 'person' && isActive(id) !== false);
  return channel.kind === 'public' ? people : people.filter((id) => inside.has(id));
}

/**
 * How many people a text notifies at most, and by what; null where it mentions no group.
 * @param {string} text @param {Channel} channel @param {Place} place
 */
export function notifiedBy(text, channel, place) {
  const all = canNotifyAll(channel, place) ? groupsIn(text) : [];
  if (all.length > 0) return { most: peopleIn(channel).length, isExact: all.includes('@channel'), by: 'all' };
  const people = peopleOfGroups(text, channel);
  if (people.length === 0) return null;
  // Of those who are not in a public channel, guests cannot read it.
  return { most: people.length, isExact: people.every((id) => channel.memberIds.includes(id)), by: 'groups' };
}

/** In the composer, what a mention of a group will do. @param {string} text @param {Channel} channel @param {Place} place */
export function notifiedLabel(text, channel, place) {
  const [group] = groupsIn(text);
  const notified = notifiedBy(text, channel, place);
  if (group && !notified && place.parentMessageId !== null)
    return t('{group} notifies nobody in a thread', { group });
  if (!notified) return null;
  return notified.isExact
    ? plural(notified.most, 'Notifies {count} person', 'Notifies {count} people')
    : plural(notified.most, 'Notifies up to {count} person', 'Notifies up to {count} people');
}

/** Whether the composer asks before it notifies so many. @param {string} text @param {Channel} channel @param {Place} place */
export const isForMany = (text, channel, place) => (notifiedBy(text, channel, place)?.most ?? 0) > many;

/** @param {string} text @param {Channel} channel @param {Place} place */
export function askToNotify(text, channel, place) {
  const notified = notifiedBy(text, channel, place);
  const people = counted(notified?.most ?? 0);
  return ask({
    title: t('Notify {people}?', { people }),
    text: whoIsNotified(notified, titleOf(channel), people),
    action: t('Send and notify'),
    isHarmless: true,
  });
}

/** @param {ReturnType<typeof notifiedBy>} notified @param {string} channel @param {string} people */
function whoIsNotified(notified, channel, people) {
  if (notified?.by === 'groups')
    return t('Those in the mentioned groups who can read {channel} are notified of this message: {people}.', {
      channel,
      people,
    });
  return notified?.isExact
    ? t('Everybody in {channel} is notified of this message: {people}.', { channel, people })
    : t('Those in {channel} who have Bullpen open are notified of this message: up to {people}.', {
        channel,
        people,
      });
}

/** @param {number} number */
const counted = (number) => plural(number, '{count} person', '{count} people');
