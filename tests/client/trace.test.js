import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tagsOf } from '../../src/bullpen/client/agent/archive/tags.js';
import {
  distanceLabel,
  durationLabel,
  fromLocalInput,
  localInput,
} from '../../src/bullpen/client/core/time-format.js';
import { callsOf } from '../../src/bullpen/client/run/calls.js';
import { filtered } from '../../src/bullpen/client/run/filter.js';
import { outcomeOf } from '../../src/bullpen/client/run/run-outcome.js';
import {
  countLabel,
  prettyJson,
  sectionsOf,
  spanOf,
  waterfallOf,
} from '../../src/bullpen/client/run/trace.js';

/** @param {number} second */
const at = (second) => new Date(Date.UTC(2026, 2, 4, 14, 0, second)).toISOString();
const now = new Date(at(30));

/** @param {number} number @param {number} begun @param {number | null} ended @returns {any} */
const step = (number, begun, ended) => ({
  id: `step-${number}`,
  stepNumber: number,
  status: ended === null ? 'running' : 'completed',
  createdAt: at(begun),
  completedAt: ended === null ? null : at(ended),
  messages: [{ id: `of-${number}`, createdAt: at(begun) }],
});

/** @param {object} values @returns {any} */
const run = (values) => ({
  status: 'completed',
  startedAt: at(0),
  completedAt: at(10),
  steps: [],
  messages: [],
  ...values,
});

test('spans of time are said in at most two units', () => {
  const said = [
    0, 7.4, 999, 1000, 1250, 9999, 10_000, 59_999, 60_000, 125_000, 3_600_000, 5_400_000, 180_000_000,
  ];
  assert.deepEqual(said.map(durationLabel), [
    '0 ms',
    '7 ms',
    '999 ms',
    '1.0 s',
    '1.2 s',
    '9.9 s',
    '10 s',
    '59 s',
    '1 m',
    '2 m 5 s',
    '1 h',
    '1 h 30 m',
    '2 d 2 h',
  ]);
  assert.equal(durationLabel(-5), '0 ms');
});

test('a step lies where it lay in the run', () => {
  const { total, bars } = waterfallOf(run({ steps: [step(1, 0, 2), step(2, 5, 10)] }), now);
  assert.equal(total, 10_000);
  assert.deepEqual(
    bars.map(({ offset, width, span }) => [offset, width, span]),
    [
      [0, 0.2, 2000],
      [0.5, 0.5, 5000],
    ],
  );
});

test('what has not ended yet lasts until now, and ended with its run where that has ended', () => {
  const going = run({ status: 'running', completedAt: null, steps: [step(1, 0, 10), step(2, 10, null)] });
  assert.deepEqual(
    waterfallOf(going, now).bars.map(({ span }) => span),
    [10_000, 20_000],
  );
  const killed = run({
    status: 'cancelled',
    completedAt: at(12),
    steps: [step(1, 0, 10), step(2, 10, null)],
  });
  assert.deepEqual(
    waterfallOf(killed, now).bars.map(({ span }) => span),
    [10_000, 2000],
  );
  assert.equal(spanOf(going, now), 30_000);
  assert.equal(spanOf(killed, now), 12_000);
  assert.equal(spanOf(run({ startedAt: null, completedAt: null }), now), null);
});

test('bars stay within the whole, also where clocks disagreed', () => {
  const { bars } = waterfallOf(run({ startedAt: at(5), steps: [step(1, 3, 2), step(2, 4, 20)] }), now);
  for (const { offset, width } of bars) assert.ok(offset >= 0 && width >= 0 && offset + width <= 1.000001);
});

test('messages of no step stand between the steps that were before and after them', () => {
  const loose = [2, 7, 25].map((second) => ({ id: `at-${second}`, createdAt: at(second) }));
  const sections = sectionsOf(run({ steps: [step(1, 5, 6), step(2, 10, 20)], messages: loose }));
  assert.deepEqual(
    sections.map((section) => [section.step?.stepNumber ?? null, section.messages.map(({ id }) => id)]),
    [
      [null, ['at-2']],
      [1, ['of-1']],
      [null, ['at-7']],
      [2, ['of-2']],
      [null, ['at-25']],
    ],
  );
});

test('what a tool answered is formatted where it is JSON', () => {
  assert.equal(prettyJson('{"a":[1]}'), '{\n  "a": [\n    1\n  ]\n}');
  assert.equal(prettyJson('{"a":'), null);
  assert.equal(prettyJson('42'), null);
});

test('large counts are rounded down to what is read at a glance', () => {
  assert.deepEqual([0, 9_999, 10_840, 999_999, 1_234_567].map(countLabel), [
    '0',
    '9,999',
    '10.8k',
    '999.9k',
    '1.23M',
  ]);
});

test('a local time and a moment are each other', () => {
  const moment = new Date(2026, 6, 4, 9, 30);
  assert.equal(localInput(moment), '2026-07-04T09:30');
  assert.deepEqual(fromLocalInput('2026-07-04T09:30'), moment);
  assert.equal(fromLocalInput(''), null);
});

test('how far away a moment is', () => {
  const said = [-90_000, -30_000, 30_000, 7_200_000, -86_400_000, 3 * 86_400_000].map((span) =>
    distanceLabel(new Date(now.getTime() + span), now),
  );
  assert.deepEqual(said, [
    '1 minute ago',
    'just now',
    'in less than a minute',
    'in 2 hours',
    'yesterday',
    'in 3 days',
  ]);
});

test('tags are apart by commas, each once', () => {
  assert.deepEqual(tagsOf(' clients, lessons,,clients '), ['clients', 'lessons']);
});

/** @param {string} kind @param {number} second @param {object} [values] @returns {any} */
const entry = (kind, second, values) => ({
  id: `${kind}-${second}`,
  messageType: `${kind}_message`,
  content: '',
  toolName: null,
  toolInput: null,
  createdAt: at(second),
  ...values,
});

const entries = [
  entry('assistant', 1, { content: 'Let me see' }),
  entry('tool_call', 2, { toolName: 'search_memory', toolInput: { query: 'Beets' } }),
  entry('tool_return', 4, { toolName: 'search_memory', content: 'Nothing was found.' }),
  entry('tool_call', 5, { toolName: 'send_message', toolInput: { text: 'No', channel: 'sales' } }),
  entry('tool_return', 6, { toolName: 'send_message', content: 'Error: Channel not found.' }),
  entry('tool_call', 7, { toolName: 'send_message', toolInput: { text: 'Yes', to: 'pam' } }),
];

test('each call of a step has its answer, how long it took and whether it failed', () => {
  const calls = callsOf(entries).map(({ toolName, span, failed }) => [toolName, span, failed]);
  assert.deepEqual(calls, [
    ['search_memory', 2000, false],
    ['send_message', 1000, true],
    ['send_message', null, false],
  ]);
});

test('the outcome is what was said where, or why nothing was', () => {
  const answered = [...entries, entry('tool_return', 8, { content: 'Sent as message 1.' })];
  const silence = entry('tool_call', 9, { toolName: 'do_nothing', toolInput: { reason: 'Done.' } });
  const ended = entry('tool_return', 10, { content: 'Nothing more is done.' });
  const of = (/** @type {any[]} */ messages) => outcomeOf(run({ steps: [{ ...step(1, 0, 9), messages }] }));
  assert.deepEqual(of([...answered, silence, ended]).said, [{ text: 'Yes', to: '@pam', stepNumber: 1 }]);
  assert.equal(of([...answered, silence, ended]).silence, null);
  assert.equal(of([silence, ended]).silence, 'Done.');
  const stored = (/** @type {number} */ second) => [
    entry('tool_call', second, { toolName: 'store_memory', toolInput: {} }),
    entry('tool_return', second, { content: 'Stored.' }),
  ];
  assert.deepEqual(of([...stored(11), ...stored(12)]).made, [
    { toolName: 'store_memory', id: 'tool_call-11', count: 2 },
  ]);
});

test('a filter keeps the entries of a kind that hold the words', () => {
  /** @type {any[]} */
  const sections = [{ title: 'Step 1', step: null, messages: entries }];
  const ids = (/** @type {string} */ words, /** @type {any} */ kind) =>
    filtered(sections, words, kind).flatMap(({ messages }) => messages.map(({ id }) => id));
  assert.equal(filtered(sections, ' ', 'all'), sections);
  assert.deepEqual(ids('beets', 'all'), ['tool_call-2']);
  assert.deepEqual(ids('', 'failed'), ['tool_return-6']);
  assert.deepEqual(ids('', 'text'), ['assistant-1']);
  assert.deepEqual(ids('see', 'tools'), []);
});
