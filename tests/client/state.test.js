import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apply, nothing } from '../../src/bullpen/client/core/store/state.js';

/** @import { Event, Message, State } from '../../src/bullpen/client/core/types.js' */

/** @param {string} id @returns {Message} */
const message = (id) => ({
  id,
  channelId: 'general',
  userId: 'jim',
  text: id,
  timestamp: '2026-01-05T09:00:00Z',
  reactions: [],
  threadReplyCount: 0,
});

/** @param {string[]} ids @param {boolean} hasOlder */
const page = (ids, hasOlder) => ({ items: ids.map(message), hasOlder });

/** @param {Event[]} events @returns {State} */
const after = (...events) => events.reduce(apply, nothing);

/** @param {State} state */
const shown = (state) => state.messages.general?.items.map((item) => item.id);

test('older messages go in front, each once', () => {
  const state = after(
    { type: 'messages', channelId: 'general', page: page(['3', '4'], true) },
    { type: 'messages.older', channelId: 'general', page: page(['1', '2', '3'], false) },
  );
  assert.deepEqual(shown(state), ['1', '2', '3', '4']);
  assert.equal(state.messages.general?.hasOlder, false);
});

test('a fresh newest page keeps the older messages it joins on to', () => {
  const state = after(
    { type: 'messages', channelId: 'general', page: page(['1', '2', '3'], false) },
    { type: 'messages', channelId: 'general', page: page(['2', '3', '4'], true) },
  );
  assert.deepEqual(shown(state), ['1', '2', '3', '4']);
  assert.equal(state.messages.general?.hasOlder, false);
});

test('a fresh newest page that joins on to nothing takes the place of all', () => {
  const state = after(
    { type: 'messages', channelId: 'general', page: page(['1', '2'], false) },
    { type: 'messages', channelId: 'general', page: page(['8', '9'], true) },
  );
  assert.deepEqual(shown(state), ['8', '9']);
  assert.equal(state.messages.general?.hasOlder, true);
});

test('what one user could see is forgotten when another acts', () => {
  const michael = { id: 'michael', displayName: 'Michael', title: '', avatarColor: '#4A90D9' };
  const state = after(
    { type: 'session', session: { userId: 'michael', workspace: { name: 'Dunder Mifflin' } } },
    { type: 'users', users: [{ ...michael, presence: 'active', kind: 'agent' }] },
    {
      type: 'channels',
      channels: [{ id: 'general', name: 'general', kind: 'public', topic: '', memberIds: [] }],
    },
    { type: 'unreads', unreads: { general: 3 } },
    { type: 'messages', channelId: 'general', page: page(['1'], false) },
    { type: 'thread', root: message('1'), page: { items: [], hasOlder: false } },
    { type: 'load.started', load: 'messages:general' },
    { type: 'actor.changed', session: { userId: 'jim', workspace: { name: 'Dunder Mifflin' } } },
  );
  assert.deepEqual(state, {
    ...nothing,
    session: { userId: 'jim', workspace: { name: 'Dunder Mifflin' } },
    users: { michael: { ...michael, presence: 'active', kind: 'agent' } },
    memberIds: ['michael'],
  });
});

test('a load is under way, then over or failed', () => {
  const failure = { status: 503, message: 'Database unavailable' };
  const started = after({ type: 'load.started', load: 'workspace' });
  assert.deepEqual(started.loads, { workspace: null });
  assert.deepEqual(apply(started, { type: 'load.failed', load: 'workspace', failure }).loads, {
    workspace: failure,
  });
  assert.deepEqual(apply(started, { type: 'load.ended', load: 'workspace' }).loads, {});
});
