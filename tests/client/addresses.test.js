import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addressOf,
  addressOfAgent,
  addressOfRun,
  addressOfSearch,
  parse as parseWith,
} from '../../src/bullpen/client/core/addresses.js';
import { pages } from '../../src/bullpen/client/routes.js';

/** @param {string} path */
const parse = (path) => parseWith(path, pages);

/** @param {string} page @param {Record<string, string>} params */
const page = (page, params = {}) => ({ view: 'page', page, params });

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
  assert.deepEqual(parse(addressOfAgent(agentId)), page('agent', { agentId }));
  for (const tab of /** @type {const} */ (['memory', 'archive', 'schedule', 'runs']))
    assert.deepEqual(parse(addressOfAgent(agentId, tab)), page('agent', { agentId, tab }));
  assert.deepEqual(parse(addressOfRun('r-1')), page('run', { runId: 'r-1' }));
  assert.deepEqual(parse(addressOfSearch()), page('search'));
  assert.equal(addressOfSearch('a&b in:x', 'newest'), '/search?q=a%26b+in%3Ax&sort=newest');
});

test('the root is home and anything else is unknown', () => {
  assert.deepEqual(parse('/'), { view: 'home' });
  const paths = ['/c', '/c/', '/x/general', '/c/general/t', '/c/general/t/1/2', '/c/%E0%A4%A'];
  for (const path of [...paths, '/a', '/a/jim/dreams', '/a/jim/memory/x', '/r', '/r/1/2', '/a/%E0%A4%A']) {
    assert.deepEqual(parse(path), { view: 'unknown' }, path);
  }
});

test('every page of the table is found, with or without a slash at its end', () => {
  const examples = {
    '/a/jim/runs': page('agent', { agentId: 'jim', tab: 'runs' }),
    '/p/ann': page('person', { personId: 'ann' }),
    '/r/1': page('run', { runId: '1' }),
    '/r/1/dry-run': page('dryRun', { runId: '1' }),
    '/inbox': page('inbox'),
    '/activity': page('activity'),
    '/search': page('search'),
    '/saved/done': page('saved', { tab: 'done' }),
    '/scheduled': page('scheduled'),
    '/history': page('history'),
    '/account': page('account'),
    '/admin/channels': page('admin', { tab: 'channels' }),
    '/models': page('models'),
    '/settings': page('settings'),
  };
  assert.deepEqual(
    Object.values(examples).map((route) => route.page),
    Object.keys(pages),
  );
  for (const [path, route] of Object.entries(examples))
    for (const written of [path, `${path}/`]) assert.deepEqual(parse(written), route, written);
});

test('a new page is an entry of the table', () => {
  const entry = { path: '/roster/:teamId/:view(list|grid)?', load: async () => null, title: () => 'Roster' };
  const table = { ...pages, roster: entry };
  assert.deepEqual(parseWith('/roster/a%20b/grid', table), page('roster', { teamId: 'a b', view: 'grid' }));
  assert.deepEqual(parseWith('/roster/a', table), page('roster', { teamId: 'a' }));
  assert.deepEqual(parseWith('/roster/a/tree', table), { view: 'unknown' });
  assert.deepEqual(parse('/roster/a'), { view: 'unknown' });
});

test('a page asks ahead for what it asks for first, and has its title', () => {
  const known = { nameOf: (/** @type {string} */ id) => id.toUpperCase(), query: new URLSearchParams('q=x') };
  assert.deepEqual(pages.agent?.prefetch?.({ agentId: 'a/b' }), { 'agent:a/b': '/api/agents/a%2Fb' });
  assert.deepEqual(pages.person?.prefetch?.({ personId: 'a/b' }), { 'person:a/b': '/api/people/a%2Fb' });
  assert.deepEqual(pages.run?.prefetch?.({ runId: '7' }), { 'run:7': '/api/runs/7' });
  const titles = Object.values(pages).map(({ title }) =>
    title({ agentId: 'jim', personId: 'ann', tab: 'memory' }, known),
  );
  assert.deepEqual(titles, [
    'JIM: memory',
    'ANN',
    'Run',
    'Dry run',
    'Inbox',
    'Activity',
    'Search: x',
    'Saved',
    'Scheduled',
    'Time machine',
    'Your account',
    'Administration',
    'Connect a model',
    'Settings',
  ]);
});
