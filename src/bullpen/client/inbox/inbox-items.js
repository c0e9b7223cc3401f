// What a row of the inbox says, and which events change the list and its counts. Pure, and tested in Node.
import { plural, t } from '../core/language.js';
import { follows } from '../core/store/thread-counts.js';
import { isInChannel } from '../core/store/unread-counts.js';

/** @import { InboxItem, LogEvent, State } from '../core/types.js' */

/** @param {Pick<InboxItem, 'kind' | 'id'>} item */
export const keyOf = ({ kind, id }) => `${kind}:${id}`;

/** Who did what; the place is said beside it. @param {InboxItem} item @param {string} me @param {(userId: string) => string} nameOf */
export function titleOfItem(item, me, nameOf) {
  if (item.kind === 'reaction') {
    const used = item.reactions ?? [];
    const who = [...new Set(used.flatMap(({ userIds }) => userIds))];
    return {
      who: listed(who.map(nameOf)),
      did: plural(who.length, 'reacted {emoji}', 'reacted {emoji}', {
        emoji: used.map(({ emoji }) => emoji).join(' '),
      }),
    };
  }
  const who = nameOf(item.userId);
  if (item.kind === 'mention')
    return { who, did: item.parentMessageId ? t('mentioned you in a thread') : t('mentioned you') };
  if (item.isMention) return { who, did: t('replied in a thread that mentions you') };
  return { who, did: item.rootUserId === me ? t('replied to your message') : t('replied in a thread') };
}

/** "Ann", "Ann and Bob", "Ann, Bob and 2 others". @param {string[]} names */
function listed(names) {
  const [first = '', second] = names;
  if (second === undefined) return first;
  if (names.length === 2) return t('{first} and {second}', { first, second });
  const more = names.length - 2;
  return plural(more, '{first}, {second} and {count} other', '{first}, {second} and {count} others', {
    first,
    second,
  });
}

/** Whether an event may change how many mentions and reactions are unread. @param {LogEvent} event @param {State} state */
export function changesCounts(event, { session, inbox }) {
  const me = session?.userId ?? '';
  switch (event.type) {
    case 'inbox.changed':
    case 'message.restored':
      return true;
    case 'message.created':
      return isInChannel(event) && event.mentions?.includes(me) === true;
    // A thread takes the reactions to its replies along.
    case 'message.deleted':
      return inbox.mentions + inbox.reactions > 0;
    case 'cursor.moved':
      return inbox.mentions > 0 || event.isMarkedUnread === true;
    case 'member.added':
    case 'member.removed':
      return event.userId === me;
    case 'channel.deleted':
      return inbox.mentions + inbox.reactions > 0;
    default:
      return false;
  }
}

/** Whether an event may change the list. @param {LogEvent} event @param {State} state @param {InboxItem[]} items that are shown */
export function changesList(event, state, items) {
  const me = state.session?.userId ?? '';
  switch (event.type) {
    case 'reset':
    case 'cursor.moved':
    case 'thread.read':
    case 'thread.followed':
      return true;
    case 'message.created': {
      const isOfOthers = event.message.userId !== me;
      const isReply = isOfOthers && event.root !== undefined && follows(state.follows, event.root, me);
      return isReply || event.mentions?.includes(me) === true;
    }
    case 'message.updated':
      return items.some(({ messageId }) => messageId === event.message.id);
    case 'message.deleted':
      return items.some(({ id, messageId }) =>
        [event.messageId, event.parentMessageId].some((gone) => gone === id || gone === messageId),
      );
    case 'channel.deleted':
    case 'channel.updated':
      return items.some(({ channelId }) => channelId === event.channel.id);
    default:
      return changesCounts(event, state);
  }
}
