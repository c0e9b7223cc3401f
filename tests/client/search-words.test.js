import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  completed,
  operatorIn,
  partAt,
  suggestionsFor,
  withOperator,
} from '../../src/bullpen/client/search/search-words.js';

/** @import { Channel, User } from '../../src/bullpen/client/core/types.js' */

/** @param {string} id @param {string} displayName @returns {User} */
const user = (id, displayName) => ({
  id,
  displayName,
  title: 'Sales',
  avatarColor: '#000000',
  presence: 'active',
  kind: 'agent',
});

/** @param {string} id @param {string} name @param {Channel['kind']} kind @returns {Channel} */
const channel = (id, name, kind) => ({ id, name, kind, topic: '', memberIds: [] });

const known = {
  me: 'michael',
  users: [user('michael', 'Michael Scott'), user('jim', 'Jim Halpert'), user('pam', 'Pam Beesly')],
  channels: [
    { channel: channel('sales', 'sales', 'public'), title: '#sales' },
    { channel: channel('x1', 'late lunch', 'private'), title: '#late lunch' },
    { channel: channel('dm-1', 'dm', 'dm'), title: 'Jim Halpert' },
  ],
  now: new Date(2026, 2, 4, 9),
};

/** @param {string} word */
const inserted = (word) => suggestionsFor(word, known).map((one) => one.insert);

test('the word around the caret is found, a phrase in quotes as one', () => {
  const text = 'party from:"Jim Halpert" cake';
  assert.deepEqual(partAt(text, 3), { start: 0, end: 5, text: 'party' });
  assert.deepEqual(partAt(text, 16), { start: 6, end: 24, text: 'from:"Jim Halpert"' });
  assert.deepEqual(partAt(text, text.length), { start: 25, end: 29, text: 'cake' });
  assert.deepEqual(partAt('party ', 6), { start: 6, end: 6, text: '' });
  assert.deepEqual(partAt('in:"late lu', 11), { start: 0, end: 11, text: 'in:"late lu' });
});

test('operators are known in either case, with their value bare', () => {
  assert.deepEqual(operatorIn('FROM:@Jim'), { name: 'from', value: 'Jim' });
  assert.deepEqual(operatorIn('in:"late lunch"'), { name: 'in', value: 'late lunch' });
  assert.deepEqual(operatorIn('in:#sales'), { name: 'in', value: 'sales' });
  assert.equal(operatorIn('https://in:x'), null);
  assert.equal(operatorIn('"from:jim"'), null);
});

test('what is begun is completed', () => {
  assert.deepEqual(inserted('f'), ['from:']);
  assert.deepEqual(inserted('from:'), ['from:me', 'from:jim', 'from:pam']);
  assert.deepEqual(inserted('from:hal'), ['from:jim']);
  assert.deepEqual(inserted('FROM:@pa'), ['from:pam']);
  assert.deepEqual(inserted('from:pam'), []);
  assert.deepEqual(inserted('in:jim'), ['in:dm-1']);
  assert.deepEqual(inserted('in:#la'), ['in:x1']);
  assert.deepEqual(inserted('in:sal'), ['in:sales']);
  assert.deepEqual(inserted('has:'), ['has:link', 'has:code', 'has:file', 'has:reaction', 'has:thread']);
  assert.deepEqual(inserted('before:yes'), ['before:2026-03-03']);
  assert.deepEqual(inserted('after:2026-02'), ['after:2026-02-25', 'after:2026-02-02']);
  assert.deepEqual(inserted('party'), []);
  assert.deepEqual(inserted(''), []);
});

test('a suggestion takes the place of its word, and typing goes on after it', () => {
  const text = 'party fro cake';
  assert.deepEqual(completed(text, partAt(text, 9), 'from:'), { text: 'party from: cake', caret: 11 });
  assert.deepEqual(completed('from:ji', partAt('from:ji', 7), 'from:jim'), { text: 'from:jim ', caret: 9 });
  assert.deepEqual(completed('ha', partAt('ha', 2), 'has:'), { text: 'has:', caret: 4 });
  assert.equal(withOperator('party ', 'in'), 'party in:');
  assert.equal(withOperator('', 'in'), 'in:');
});
