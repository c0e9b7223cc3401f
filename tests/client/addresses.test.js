import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addressOf,
  addressOfAgent,
  addressOfRun,
  addressOfSearch,
  isPage,
  pageAddresses,
  parse,
} from '../../src/bullpen/client/core/addresses.js';

test('every view has an address that leads back to it', () => {
  const dm = { id: 'dm-jim-pam', kind: 'dm' };
  const channel = { id: 'party planning/2', kind: 'private' };
  const inDm = { view: 'channel', channelId: dm.id, dm: true };
  const inChannel = { view: 'channel', channelId: channel.id, dm: false };
  assert.deepEqual(parse(addressOf(dm)), { ...inDm, threadId: null, messageId: null });
  assert.deepEqual(parse(addressOf(dm, null, 'm-2')), { ...inDm, threadId: null, messageId: 'm-2' });
  assert.deepEqual(parse(addressOf(channel, 'm-1')), { ...inChannel, threadId: 'm-1', messageId: null });
  assert.deepEqual(parse(addressOf(channel, 'm-1', 'm-2')), {
    ...inChannel,
    threadId: 'm-1',
    messageId: 'm-2',
  });
  const agentId = 'jim/halpert';
  assert.deepEqual(parse(addressOfAgent(agentId)), { view: 'agent', agentId, tab: 'profile' });
  for (const tab of /** @type {const} */ (['memory', 'archive', 'schedule', 'runs']))
    assert.deepEqual(parse(addressOfAgent(agentId, tab)), { view: 'agent', agentId, tab });
  assert.deepEqual(parse(addressOfRun('r-1')), { view: 'run', runId: 'r-1' });
  assert.deepEqual(parse(addressOfSearch()), { view: 'search' });
  assert.equal(addressOfSearch('a&b in:x', 'newest'), '/search?q=a%26b+in%3Ax&sort=newest');
});

test('the root is home and anything else is unknown', () => {
  assert.deepEqual(parse('/'), { view: 'home' });
  const paths = ['/c', '/c/', '/x/general', '/c/general/t', '/c/general/t/1/2', '/c/%E0%A4%A'];
  for (const path of [...paths, '/a', '/a/jim/dreams', '/a/jim/memory/x', '/r', '/r/1/2', '/a/%E0%A4%A']) {
    assert.deepEqual(parse(path), { view: 'unknown' }, path);
  }
});

test('every page of the table is parsed, with or without a slash at its end', () => {
  const examples = { agent: '/a/jim/runs', run: '/r/1', search: '/search', settings: '/settings' };
  assert.deepEqual(Object.keys(examples).sort(), Object.keys(pageAddresses).sort());
  for (const [view, path] of Object.entries(examples)) {
    for (const written of [path, `${path}/`]) {
      const route = parse(written);
      assert.equal(route.view, view, written);
      assert.equal(isPage(route), true, written);
    }
  }
  assert.equal(isPage(parse('/c/general')), false);
  assert.equal(isPage(parse('/')), false);
});
