import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressOf } from '../../src/bullpen/client/core/addresses.js';
import { isOfAgents, state, titleBeside, titleOf } from '../../src/bullpen/client/core/store/store.js';

/** @param {string} id @param {string} displayName */
const user = (id, displayName) => ({
  id,
  displayName,
  title: '',
  avatarColor: '#000000',
  presence: /** @type {const} */ ('active'),
  kind: /** @type {const} */ ('agent'),
});

test('a DM has the name of the other member of the one whose page it is on', () => {
  const users = { ann: user('ann', 'Ann'), bob: user('bob', 'Bob'), cy: user('cy', 'Cy') };
  const session = { userId: 'ann', workspace: { name: 'Small' } };
  state.value = { ...state.value, users, session: /** @type {any} */ (session) };
  const dm = {
    id: 'dm',
    name: 'dm',
    kind: /** @type {const} */ ('dm'),
    topic: '',
    memberIds: ['ann', 'bob'],
  };
  const channel = { ...dm, id: 'x', name: 'x', kind: /** @type {const} */ ('public') };
  assert.equal(titleOf(dm), 'Bob');
  assert.equal(titleBeside(dm, 'bob'), 'Ann');
  assert.equal(titleBeside(dm, 'ann'), 'Bob');
  assert.equal(titleBeside(dm, 'cy'), 'Bob');
  assert.equal(titleBeside(channel, 'bob'), '#x');
});

test('a DM that an administrator reads without being in it has the names of both', () => {
  const users = {
    ann: user('ann', 'Ann'),
    bob: user('bob', 'Bob'),
    cy: { ...user('cy', 'Cy'), kind: 'person' },
  };
  const session = { userId: 'cy', workspace: { name: 'Small' } };
  state.value = { ...state.value, users: /** @type {any} */ (users), session: /** @type {any} */ (session) };
  const dm = {
    id: 'dm',
    name: 'dm',
    kind: /** @type {const} */ ('dm'),
    topic: '',
    memberIds: ['ann', 'bob'],
  };
  assert.equal(titleOf(dm), 'Ann, Bob');
  assert.equal(isOfAgents(dm), true);
  assert.equal(isOfAgents({ ...dm, memberIds: ['ann', 'cy'] }), false);
  assert.equal(isOfAgents({ ...dm, kind: 'public' }), false);
});

test('a group DM has the names of the others, and none of itself', () => {
  const users = {
    ann: user('ann', 'Ann'),
    bob: user('bob', 'Bob'),
    cy: user('cy', 'Cy'),
    dee: user('dee', 'Dee'),
  };
  const session = { userId: 'ann', workspace: { name: 'Small' } };
  state.value = { ...state.value, users: /** @type {any} */ (users), session: /** @type {any} */ (session) };
  const group = {
    id: 'group',
    name: 'group',
    kind: /** @type {const} */ ('group_dm'),
    topic: '',
    memberIds: ['dee', 'ann', 'cy'],
  };
  assert.equal(titleOf(group), 'Cy and Dee');
  assert.equal(titleOf({ ...group, memberIds: ['dee', 'ann', 'cy', 'bob'] }), 'Bob, Cy, and Dee');
  assert.equal(titleBeside(group, 'cy'), 'Ann and Dee');
  assert.equal(addressOf(group), '/d/group');
  assert.equal(isOfAgents(group), false);
  assert.equal(titleOf({ ...group, memberIds: ['bob', 'cy', 'dee'] }), 'Bob, Cy, Dee');
});
