import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namesOfUsers } from '../../src/bullpen/client/messages/mentions.js';
import { noticeOf } from '../../src/bullpen/client/shell/notification-content.js';

/** @import { Channel, LogEvent } from '../../src/bullpen/client/core/types.js' */

/** @param {string} id @param {Channel['kind']} kind @param {string[]} memberIds @returns {Channel} */
const channel = (id, kind, memberIds) => ({ id, name: id, kind, topic: '', memberIds });

const known = {
  me: 'jim',
  channels: {
    general: channel('general', 'public', ['jim', 'pam']),
    'dm-1': channel('dm-1', 'dm', ['jim', 'pam']),
    'group-1': channel('group-1', 'group_dm', ['jim', 'pam', 'toby']),
    'group-2': channel('group-2', 'group_dm', ['jim', 'pam', 'toby', 'kevin']),
    'group-3': channel('group-3', 'group_dm', ['pam', 'toby', 'kevin']),
  },
  nameOf: (/** @type {string} */ id) => id.toUpperCase(),
  now: Date.parse('2026-03-04T09:00:00Z'),
};

/** @param {string} channelId @param {string} text @param {{ parentMessageId?: string, [field: string]: unknown }} [more] */
const written = (channelId, text, { parentMessageId, ...more } = {}) =>
  /** @type {LogEvent} */ ({
    id: 1,
    type: 'message.created',
    channelId,
    parentMessageId: parentMessageId ?? null,
    message: {
      id: 'm-1',
      channelId,
      userId: 'pam',
      text,
      timestamp: '2026-03-04T08:59:00Z',
      reactions: [],
      threadReplyCount: 0,
      ...more,
    },
  });

test('one is told of direct messages and of what names one', () => {
  assert.deepEqual(noticeOf(written('dm-1', 'Lunch?'), known), {
    title: 'PAM',
    body: 'Lunch?',
    address: '/d/dm-1/m/m-1',
    channelId: 'dm-1',
  });
  assert.deepEqual(noticeOf(written('general', 'Ask @Jim, please', { parentMessageId: 'root' }), known), {
    title: 'PAM in #general',
    body: 'Ask @Jim, please',
    address: '/c/general/t/root/m/m-1',
    channelId: 'general',
  });
});

test('one is told of group messages, and to how many they went', () => {
  const titles = ['group-1', 'group-2', 'group-3'].map((id) => noticeOf(written(id, 'Lunch?'), known)?.title);
  assert.deepEqual(titles, ['PAM to you and 1 other', 'PAM to you and 2 others', undefined]);
  assert.equal(noticeOf(written('group-1', 'Lunch?'), known)?.address, '/d/group-1/m/m-1');
});

test('one is told of a mention of everybody, unless the channel is muted', () => {
  const toAll = { ...written('general', '@channel, look'), mentions: ['jim', 'pam'] };
  assert.equal(noticeOf(toAll, known)?.body, '@channel, look');
  const general = { isMuted: true, isStarred: false };
  assert.equal(noticeOf(toAll, { ...known, preferences: { general } }), null);
});

test('one is told of a keyword in the channels that one is in', () => {
  const keywords = ['paper'];
  const said = written('general', 'Out of Paper');
  assert.equal(noticeOf(said, known), null);
  assert.equal(noticeOf(said, { ...known, keywords })?.body, 'Out of Paper');
  const general = { isMuted: true, isStarred: false };
  assert.equal(noticeOf(said, { ...known, keywords, preferences: { general } }), null);
  const channels = { ...known.channels, general: { ...known.channels.general, memberIds: ['pam'] } };
  assert.equal(noticeOf(said, { ...known, keywords, channels }), null);
});

test('one is not told of anything else', () => {
  assert.equal(noticeOf(written('general', 'Jim is here, @jimmy too'), known), null);
  assert.equal(noticeOf(written('dm-1', 'Mine', { userId: 'jim' }), known), null);
  assert.equal(noticeOf(written('dm-2', 'Of a channel that is not known'), known), null);
  assert.equal(noticeOf(written('dm-1', 'Old', { timestamp: '2026-03-04T08:00:00Z' }), known), null);
  assert.equal(noticeOf({ id: 1, type: 'hello' }, known), null);
});

test('what is long is shortened, without cutting a sign in two', () => {
  const body = noticeOf(written('dm-1', '🎉'.repeat(500)), known)?.body;
  assert.equal(body, `${'🎉'.repeat(160)}…`);
  assert.equal(noticeOf(written('dm-1', '\n a\n\nb '), known)?.body, 'a b');
});

test('a mention of a user group that one is in is one by name for its members in the channel', () => {
  const groups = [
    { id: '@mine', handle: 'crew' },
    { id: '@theirs', handle: 'cooks' },
  ];
  const names = namesOfUsers([{ id: 'jim', name: 'Jim' }], groups);
  const muted = { general: { isMuted: true, isStarred: false }, yard: { isMuted: true, isStarred: false } };
  const channels = { ...known.channels, yard: channel('yard', 'public', ['pam']) };
  const told = (/** @type {string} */ text, /** @type {string} */ channelId, preferences = muted) =>
    noticeOf(written(channelId, text), { ...known, channels, names, groupIds: ['@mine'], preferences }) !==
    null;
  assert.deepEqual([told('@Crew, look', 'general'), told('@cooks, look', 'general')], [true, false]);
  // Who is not in the channel is told as by `@channel`.
  assert.deepEqual([told('@crew', 'yard'), told('@crew', 'yard', /** @type {any} */ ({}))], [false, true]);
});
