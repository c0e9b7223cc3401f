import assert from 'node:assert/strict';
import { test } from 'node:test';
import { channelIdFor } from '../../src/bullpen/client/channels/channel-ids.js';
import { fit, pieces } from '../../src/bullpen/client/core/fuzzy.js';
import { offered } from '../../src/bullpen/client/shell/destinations.js';

/** @import { Destination } from '../../src/bullpen/client/shell/destinations.js' */

/** @param {string} typed @param {string[]} names */
const ranked = (typed, names) =>
  names
    .flatMap((name) => {
      const found = fit(typed, name);
      return found ? [{ name, score: found.score }] : [];
    })
    .toSorted((a, b) => b.score - a.score)
    .map(({ name }) => name);

test('letters fit in their order, others may stand between', () => {
  assert.deepEqual(fit('pp', 'party-planning')?.at, [0, 6]);
  assert.deepEqual(fit('plan', 'party-planning')?.at, [6, 7, 8, 9]);
  assert.deepEqual(fit('JHAL', 'Jim Halpert')?.at, [0, 4, 5, 6]);
  assert.deepEqual(fit('jim h', 'Jim Halpert')?.at, [0, 1, 2, 4]);
  assert.equal(fit('nalp', 'planning'), null);
  assert.equal(fit('general!', 'general'), null);
  assert.equal(fit('aaaa', 'aaa'), null);
  assert.deepEqual(fit('', 'anything'), { score: 0, at: [] });
});

test('accents and case do not matter, and letters of two units are one', () => {
  assert.deepEqual(fit('zoe', 'Zoë')?.at, [0, 1, 2]);
  assert.deepEqual(fit('É', 'cafe')?.at, [3]);
  assert.deepEqual(fit('p', '🎉 party')?.at, [2]);
  assert.deepEqual(pieces('🎉 party', [2, 3]), [
    { text: '🎉 ', typed: false },
    { text: 'pa', typed: true },
    { text: 'rty', typed: false },
  ]);
});

test('beginnings of names and words come first, then what is together', () => {
  assert.deepEqual(ranked('pa', ['Oompa', 'Toby Packer', 'Pam Beesly']), [
    'Pam Beesly',
    'Toby Packer',
    'Oompa',
  ]);
  assert.deepEqual(
    ranked('an', ['random', 'Oscar Nunez', 'Angela Martin', 'announcements']).slice(0, 2).toSorted(),
    ['Angela Martin', 'announcements'],
  );
  assert.deepEqual(ranked('sales', ['s-a-l-e-s', 'sales']), ['sales', 's-a-l-e-s']);
});

/** @type {Destination[]} */
const all = [
  { key: 'general', kind: 'channel', title: 'general', detail: 'Everything', channelId: 'general' },
  {
    key: 'sales',
    kind: 'channel',
    title: 'sales',
    detail: 'Numbers',
    channelId: 'sales',
    badge: { count: 0, isBold: true },
  },
  { key: 'jim', kind: 'person', title: 'Jim Halpert', detail: 'Sales Representative', channelId: 'dm-1' },
  { key: 'pam', kind: 'person', title: 'Pam Beesly', detail: 'Receptionist' },
  { key: 'new', kind: 'command', title: 'New channel', detail: '' },
];

/** @param {string} typed @param {string[]} [recent] */
const keys = (typed, recent = []) => offered(typed, all, recent).map(({ key }) => key);

test('with nothing typed, where one was comes first, then what is unread, and commands last', () => {
  assert.deepEqual(keys('', ['dm-1', 'general']), ['jim', 'general', 'sales', 'pam', 'new']);
  assert.deepEqual(keys(''), ['sales', 'general', 'jim', 'pam', 'new']);
});

test('names count more than what stands beside them, and # and @ are no letters', () => {
  assert.deepEqual(keys('sales'), ['sales', 'jim']);
  assert.deepEqual(keys('#sal'), ['sales', 'jim']);
  assert.deepEqual(keys('@pam'), ['pam']);
  assert.deepEqual(keys('receptionist'), ['pam']);
  assert.deepEqual(keys('xyz'), []);
});

test('of what fits alike, where one was last comes first', () => {
  const both = ['aa', 'ab'].map((name) => ({ ...all[0], key: name, title: `${name} room`, channelId: name }));
  const order = (/** @type {string[]} */ recent) =>
    offered('room', /** @type {Destination[]} */ (both), recent).map(({ key }) => key);
  assert.deepEqual(order([]), ['aa', 'ab']);
  assert.deepEqual(order(['ab']), ['ab', 'aa']);
});

test("a channel's id reads like its name, and is one that the API takes", () => {
  assert.equal(channelIdFor('Late Lunch!'), 'late-lunch');
  assert.equal(channelIdFor('  Café  été '), 'cafe-ete');
  assert.equal(channelIdFor('v1.2_rc'), 'v1.2_rc');
  for (const name of ['🎉', '昼ごはん', '--', '.hidden', 'x'.repeat(200), `${'x'.repeat(79)} y`])
    assert.match(channelIdFor(name), /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/, name);
});
