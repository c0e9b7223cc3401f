import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { askedBy } from '../../src/bullpen/client/composer/agent-commands.js';
import { commands, momentIn, readCommand } from '../../src/bullpen/client/composer/commands.js';
import { begunIn } from '../../src/bullpen/client/composer/completion-words.js';

const cases = JSON.parse(readFileSync(new URL('../cases/commands.json', import.meta.url), 'utf8'));
const byName = Object.fromEntries(commands.map((one) => [one.name, one]));

test('a command is the word behind one slash at the beginning, and what follows it', () => {
  const { topic, pause } = byName;
  assert.deepEqual(readCommand('/topic  New\nlines '), {
    kind: 'command',
    command: topic,
    rest: 'New\nlines',
  });
  assert.deepEqual(readCommand('/PAUSE'), { kind: 'command', command: pause, rest: '' });
  assert.deepEqual(readCommand('/shrug it'), { kind: 'other', name: 'shrug', text: '/shrug it' });
});

test('the built-in commands are those whose names agents cannot take', () => {
  assert.deepEqual(Object.keys(byName), cases.builtIn);
});

test('a command of one agent asks it with the text as it was typed', () => {
  const brought = /** @type {import('../../src/bullpen/client/composer/agent-commands.js').Brought[]} */ ([
    { agent: { id: 'ci' }, command: { name: 'deploy' } },
    { agent: { id: 'ci' }, command: { name: 'logs' } },
    { agent: { id: 'ops' }, command: { name: 'logs' } },
  ]);
  assert.deepEqual(askedBy('/Deploy  now\nplease', 'Deploy', brought), { post: '@ci /Deploy  now\nplease' });
  assert.match(JSON.stringify(askedBy('/logs', 'logs', brought)), /Several agents have \/logs: @ci, @ops\./);
  assert.match(JSON.stringify(askedBy('/soup', 'soup', brought)), /There is no command \/soup\./);
});

test('everything else is text, and two slashes stand for one', () => {
  for (const text of ['a /topic b', '/usr/bin/env', '/', '/ topic', '/2', '', 'http://x', '/topic.txt'])
    assert.deepEqual(readCommand(text), { kind: 'text', text });
  assert.deepEqual(readCommand('//topic x'), { kind: 'text', text: '/topic x' });
  assert.deepEqual(readCommand('//'), { kind: 'text', text: '/' });
  assert.deepEqual(readCommand('///'), { kind: 'text', text: '//' });
});

test('commands are completed at the beginning of a new message alone', () => {
  assert.deepEqual(begunIn('/', true), { kind: '/', word: '', from: 0 });
  assert.deepEqual(begunIn(' /To', true), { kind: '/', word: 'to', from: 1 });
  for (const text of ['/topic ', 'a /to', '//', '/usr/b']) assert.equal(begunIn(text, true), null, text);
  assert.equal(begunIn('/to'), null);
  assert.equal(begunIn('/invite @ji', true)?.kind, '@');
});

test('a time is a span, a day or a clock in the zone of the member', () => {
  const now = new Date('2026-01-05T23:30:00Z');
  for (const [text, at] of /** @type {const} */ ([
    ['in 20 minutes', '2026-01-05T23:50'],
    ['me in 20 min', '2026-01-05T23:50'],
    ['20m', '2026-01-05T23:50'],
    ['in an hour', '2026-01-06T00:30'],
    ['In 2  hours', '2026-01-06T01:30'],
    ['3 days', '2026-01-08T23:30'],
    ['tomorrow', '2026-01-07T08:00'],
    ['tomorrow at 15:30', '2026-01-07T14:30'],
    ['15:30', '2026-01-06T14:30'],
    ['at 9:05', '2026-01-06T08:05'],
    ['2026-07-01 9:00', '2026-07-01T07:00'],
  ]))
    assert.equal(momentIn(text, now, 'Europe/Berlin')?.toISOString(), `${at}:00.000Z`, text);
  for (const text of ['', 'soon', 'in minutes', '25:99', 'tomorrow at', '20', '2026-13-41 9:00'])
    assert.equal(momentIn(text, now, 'Europe/Berlin'), null, text);
});
