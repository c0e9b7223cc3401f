import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nothing } from '../../src/bullpen/client/core/store/state.js';
import {
  asStale,
  isOther,
  readable,
  seerOf,
  snapshotOf,
  withoutStale,
} from '../../src/bullpen/client/offline/snapshot.js';

const now = new Date('2026-03-02T09:00:00.000Z');
const places = ['sales', 'general'];

/** @param {string} id @param {Partial<import('../../src/bullpen/client/core/types.js').Channel>} [values] */
const channel = (id, values) =>
  /** @type {any} */ ({ id, name: id, kind: 'public', memberIds: ['pam', 'jim'], ...values });
/** @param {string} id @param {string} [text] */
const message = (id, text = 'Hello') =>
  /** @type {any} */ ({
    id,
    channelId: 'general',
    userId: 'jim',
    text,
    timestamp: now.toISOString(),
    reactions: [],
  });
/** @param {any[]} items @param {any} [values] */
const page = (items, values) => ({ items, hasOlder: false, hasNewer: false, ...values });
/** @param {string} id */
const user = (id) => /** @type {any} */ ({ id, displayName: id });

/** @param {any} values @returns {import('../../src/bullpen/client/core/types.js').State} */
const seen = (values = {}) => ({
  ...nothing,
  session: /** @type {any} */ ({ userId: 'pam', ownId: 'pam' }),
  channels: { general: channel('general'), sales: channel('sales') },
  users: { pam: user('pam'), jim: user('jim') },
  memberIds: ['jim', 'pam'],
  messages: { general: page([message('m1')]), sales: page([message('m2')]) },
  ...values,
});

/** @param {any} values */
const kept = (values) => snapshotOf(seen(values), places, 'o1', now).state;

test('the sidebar, the channels that were read, open threads and people are kept', () => {
  const thread = { root: message('m1'), replies: page([message('r1')]) };
  const state = kept({ unreads: { sales: 2 }, threads: { m1: thread } });
  assert.deepEqual(state.unreads, { sales: 2 });
  assert.deepEqual(Object.keys(state.channels ?? {}), ['general', 'sales']);
  assert.deepEqual(Object.keys(state.messages), ['sales', 'general']);
  assert.deepEqual(state.threads, { m1: thread });
  assert.deepEqual(state.users, { pam: user('pam'), jim: user('jim') });
  assert.deepEqual(state.memberIds, ['jim', 'pam']);
});

test('nothing else of the store is kept', () => {
  assert.deepEqual(Object.keys(kept({})).sort(), [
    'channels',
    'follows',
    'inbox',
    'layout',
    'memberIds',
    'mentions',
    'messages',
    'pauses',
    'preferences',
    'session',
    'threads',
    'unreadThreads',
    'unreads',
    'users',
  ]);
});

test('a channel that cannot be read any more is not kept, nor are its threads', () => {
  const thread = { root: message('m1'), replies: page([]) };
  const state = kept({ channels: { sales: channel('sales') }, threads: { m1: thread } });
  assert.deepEqual(Object.keys(state.messages), ['sales']);
  assert.deepEqual(state.threads, {});
});

test('what is not as the server has it now, or is in the past, is not kept', () => {
  const messages = { general: page([message('m1')], { stale: true }), sales: page([], { hasNewer: true }) };
  assert.deepEqual(kept({ messages }).messages, {});
});

test('of a channel its newest 50 messages are kept, and it goes on before them', () => {
  const items = Array.from({ length: 70 }, (_, index) => message(`m${index}`));
  const { general } = kept({ messages: { general: page(items) } }).messages;
  assert.equal(general?.items.length, 50);
  assert.equal(general?.items.at(-1)?.id, 'm69');
  assert.equal(general?.hasOlder, true);
});

test('at most ten channels are kept, and fewer where they are large', () => {
  const ids = Array.from({ length: 20 }, (_, index) => `c${index}`);
  /** @param {number} length */
  const all = (length) => ({
    channels: Object.fromEntries(ids.map((id) => [id, channel(id)])),
    messages: Object.fromEntries(ids.map((id) => [id, page([message(`m${id}`, 'x'.repeat(length))])])),
  });
  /** @param {number} length */
  const count = (length) => Object.keys(snapshotOf(seen(all(length)), ids, 'o1', now).state.messages);
  assert.deepEqual(count(10), ids.slice(0, 10));
  assert.deepEqual(count(390_000), ids.slice(0, 5));
  assert.deepEqual(count(3_000_000), []);
});

test('of a large workspace those people are kept who are shown', () => {
  const ids = Array.from({ length: 2_000 }, (_, index) => `u${index}`);
  const users = Object.fromEntries([...ids, 'pam', 'jim'].map((id) => [id, user(id)]));
  const state = kept({ users, memberIds: ids });
  assert.equal(Object.keys(state.users).length, 1_000);
  assert.deepEqual([state.users.pam, state.users.jim], [user('pam'), user('jim')]);
});

test('a window that views another member keeps nothing', () => {
  assert.equal(seerOf(/** @type {any} */ ({ userId: 'pam', ownId: 'pam' })), 'pam');
  assert.equal(seerOf(/** @type {any} */ ({ userId: 'jim', ownId: 'pam' })), null);
  assert.equal(seerOf(null), null);
});

test('only its owner is shown a snapshot, for two weeks, in the form that this version knows', () => {
  const snapshot = snapshotOf(seen(), places, 'o1', now);
  const later = (/** @type {number} */ days) => new Date(now.getTime() + days * 24 * 60 * 60 * 1000);
  assert.equal(readable(snapshot, 'o1', later(13)), snapshot);
  assert.equal(readable(snapshot, 'o2', later(0)), null);
  assert.equal(readable(snapshot, 'o1', later(14)), null);
  assert.equal(readable({ ...snapshot, format: 0 }, 'o1', later(0)), null);
  assert.equal(readable({ ...snapshot, savedAt: 'x' }, 'o1', later(0)), null);
  assert.equal(readable(null, 'o1', later(0)), null);
});

test('what the server has not answered since goes when it can be reached', () => {
  const thread = { root: message('m1'), replies: page([]) };
  const state = { ...nothing, ...asStale(kept({ threads: { m1: thread } })) };
  assert.deepEqual(withoutStale(state), { messages: {}, threads: {} });
  const fresh = page([message('m3')]);
  const answered = { ...state, messages: { ...state.messages, general: fresh } };
  assert.deepEqual(withoutStale(answered), { messages: { general: fresh }, threads: {} });
});

test('a change of what is kept is seen, and no other one', () => {
  const state = seen();
  assert.equal(isOther(state, { ...state, typing: [] }), false);
  assert.equal(isOther(state, { ...state, unreads: {} }), true);
  assert.equal(isOther(state, { ...state, messages: {} }), true);
});
