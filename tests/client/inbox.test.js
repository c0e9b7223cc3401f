import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nothing } from '../../src/bullpen/client/core/store/state.js';
import { changesCounts, changesList, titleOfItem } from '../../src/bullpen/client/inbox/inbox-items.js';

/** @import { InboxItem, LogEvent, State } from '../../src/bullpen/client/core/types.js' */

const nameOf = (/** @type {string} */ id) => id[0]?.toUpperCase() + id.slice(1);

/** @param {Partial<InboxItem>} more @returns {InboxItem} */
const item = (more) => ({
  kind: 'mention',
  id: 'm1',
  channelId: 'general',
  messageId: 'm1',
  userId: 'jim',
  text: 'Hello',
  timestamp: '2031-05-06T07:08:09Z',
  isUnread: true,
  ...more,
});

/** @param {Partial<InboxItem>} more */
function said(more) {
  const { who, did } = titleOfItem(item(more), 'pam', nameOf);
  return `${who} ${did}`;
}

test('an item says who did what', () => {
  assert.equal(said({}), 'Jim mentioned you');
  assert.equal(said({ parentMessageId: 'm0' }), 'Jim mentioned you in a thread');
  assert.equal(said({ kind: 'thread', rootUserId: 'pam' }), 'Jim replied to your message');
  assert.equal(said({ kind: 'thread', rootUserId: 'toby' }), 'Jim replied in a thread');
  assert.equal(
    said({ kind: 'thread', rootUserId: 'toby', isMention: true }),
    'Jim replied in a thread that mentions you',
  );
  const reactions = [
    { emoji: '👍', userIds: ['jim', 'toby'] },
    { emoji: '🎉', userIds: ['jim', 'kelly', 'oscar'] },
  ];
  assert.equal(said({ kind: 'reaction', reactions }), 'Jim, Toby and 2 others reacted 👍 🎉');
  assert.equal(said({ kind: 'reaction', reactions: reactions.slice(0, 1) }), 'Jim and Toby reacted 👍');
  const three = [{ emoji: '👍', userIds: ['jim', 'toby', 'kelly'] }];
  assert.equal(said({ kind: 'reaction', reactions: three }), 'Jim, Toby and 1 other reacted 👍');
});

/** @type {State} */
const state = {
  ...nothing,
  session: { userId: 'pam', workspace: { name: 'Small' } },
  inbox: { mentions: 1, reactions: 0 },
};
const none = { ...state, inbox: { mentions: 0, reactions: 0 } };

/** @param {object} event */
const event = (event) => /** @type {LogEvent} */ ({ id: 1, ...event });

const place = { channelId: 'general', parentMessageId: null };
const created = { type: 'message.created', ...place, message: { id: 'm9', userId: 'jim' } };
const reply = {
  ...created,
  parentMessageId: 'm0',
  root: { id: 'm0', userId: 'toby', threadReplyCount: 2, threadParticipantIds: ['pam', 'jim'] },
};

test('the counts are asked for again where an event may have changed them', () => {
  assert.equal(changesCounts(event({ type: 'inbox.changed' }), none), true);
  assert.equal(changesCounts(event(created), none), false);
  assert.equal(changesCounts(event({ ...created, mentions: ['jim'] }), none), false);
  assert.equal(changesCounts(event({ ...created, mentions: ['pam'] }), none), true);
  assert.equal(changesCounts(event({ ...reply, mentions: ['pam'] }), none), false, 'it is in a thread');
  const moved = { type: 'cursor.moved', channelId: 'general' };
  assert.equal(changesCounts(event(moved), none), false, 'nothing can become read');
  assert.equal(changesCounts(event(moved), state), true);
  assert.equal(changesCounts(event({ ...moved, isMarkedUnread: true }), none), true);
  const deleted = { type: 'message.deleted', ...place, messageId: 'm1', userId: 'jim' };
  assert.equal(changesCounts(event(deleted), none), false);
  assert.equal(changesCounts(event(deleted), state), true);
  assert.equal(changesCounts(event({ type: 'member.removed', ...place, userId: 'jim' }), state), false);
  assert.equal(changesCounts(event({ type: 'member.removed', ...place, userId: 'pam' }), none), true);
});

test('the list is asked for again where an event may have changed it', () => {
  const shown = [item({}), item({ kind: 'thread', id: 'm0', messageId: 'm5', parentMessageId: 'm0' })];
  /** @param {object} one */
  const changes = (one) => changesList(event(one), none, shown);
  assert.equal(changes(reply), true);
  assert.equal(changes({ ...reply, message: { id: 'm9', userId: 'pam' } }), false, 'one’s own reply');
  assert.equal(changes({ ...reply, root: { ...reply.root, threadParticipantIds: ['jim'] } }), false);
  assert.equal(changes(created), false);
  assert.equal(changes({ ...created, mentions: ['pam'] }), true);
  assert.equal(changes({ type: 'message.updated', ...place, message: { id: 'm5' } }), true);
  assert.equal(changes({ type: 'message.updated', ...place, message: { id: 'm6' } }), false);
  const deleted = { type: 'message.deleted', ...place, userId: 'jim' };
  assert.equal(changes({ ...deleted, messageId: 'm1' }), true);
  assert.equal(changes({ ...deleted, messageId: 'm6', parentMessageId: 'm0' }), true);
  assert.equal(changes({ ...deleted, messageId: 'm6' }), false);
  assert.equal(changes({ type: 'channel.deleted', channel: { id: 'general' } }), true);
  assert.equal(changes({ type: 'channel.deleted', channel: { id: 'sales' } }), false);
  for (const type of ['reset', 'thread.read', 'thread.followed', 'cursor.moved', 'inbox.changed'])
    assert.equal(changes({ type }), true, type);
});
