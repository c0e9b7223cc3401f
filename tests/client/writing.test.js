import assert from 'node:assert/strict';
import { test } from 'node:test';
import { begunIn, ranked } from '../../src/bullpen/client/live/completing.js';
import { reader } from '../../src/bullpen/client/live/frames.js';
import { tooLong } from '../../src/bullpen/client/live/limits.js';
import { fenced, inFence, linked, prefixed, surrounded } from '../../src/bullpen/client/live/writing.js';

/** A text whose selection is between two bars. @param {string} marked */
function at(marked) {
  const [before = '', inside = '', after = ''] = marked.split('|');
  return { text: before + inside + after, start: before.length, end: before.length + inside.length };
}

/** @param {{ text: string, start: number, end: number }} selected */
const shown = ({ text, start, end }) =>
  `${text.slice(0, start)}|${text.slice(start, end)}|${text.slice(end)}`;

test('a mark is put around what is selected, and taken away again', () => {
  assert.equal(shown(surrounded(at('so |loud|!'), '**')), 'so **|loud|**!');
  assert.equal(shown(surrounded(at('so **|loud|**!'), '**')), 'so |loud|!');
  assert.equal(shown(surrounded(at('so **loud||** '), '**')), 'so **loud**|| ');
  assert.equal(shown(surrounded(at('|| here'), '_')), '_||_ here');
  assert.equal(shown(surrounded(at('a| b |c'), '~~')), 'a ~~|b|~~ c');
});

test('lines become a list or a quote, and lines again', () => {
  assert.equal(shown(prefixed(at('|one\ntwo|'), '- ')), '|- one\n- two|');
  assert.equal(shown(prefixed(at('|- one\n- two|'), '- ')), '|one\ntwo|');
  assert.equal(shown(prefixed(at('|one\ntwo|'), '1. ')), '|1. one\n2. two|');
  assert.equal(shown(prefixed(at('said|| he'), '> ')), '> said he||');
});

test('a link asks for what is missing', () => {
  assert.equal(shown(linked(at('see |this|'))), 'see [this](|https://|)');
  assert.equal(shown(linked(at('|https://example.com|'))), '[||](https://example.com)');
});

test('a fence stands on lines of its own', () => {
  assert.equal(shown(fenced(at('a|b|'))), 'a\n```\n|b|\n```');
  assert.equal(inFence('```\ncode'), true);
  assert.equal(inFence('```\ncode\n```\n'), false);
});

test('names are completed where they begin, not inside a word or an address', () => {
  assert.deepEqual(begunIn('hello @dwi'), { kind: '@', word: 'dwi', from: 6 });
  assert.deepEqual(begunIn('(#'), { kind: '#', word: '', from: 1 });
  assert.equal(begunIn('mail me@home'), null);
  assert.equal(begunIn('at 10:30'), null);
  assert.equal(begunIn('well :t'), null);
  assert.equal(begunIn('well :ta')?.word, 'ta');
  assert.equal(begunIn('@dwight '), null);
});

test('what begins with the word comes first, and tags last', () => {
  const names = ['Kelly Kapoor', 'Kevin Malone', 'Creed Bratton', 'Oscar'];
  assert.deepEqual(
    ranked(names, 'k', (name) => [name]),
    ['Kelly Kapoor', 'Kevin Malone'],
  );
  assert.deepEqual(
    ranked(names, 'r', (name) => [name]),
    ['Kelly Kapoor', 'Creed Bratton', 'Oscar'],
  );
  const emoji = [
    { code: 'smile', tags: ['heart'] },
    { code: 'heart', tags: [] },
  ];
  const found = ranked(emoji, 'heart', (one) => [one.code], { tagsOf: (one) => one.tags });
  assert.deepEqual(
    found.map((one) => one.code),
    ['heart', 'smile'],
  );
});

test('what is too long says so, and counts as the server does', () => {
  assert.equal(tooLong('😀'.repeat(40_000)), '');
  assert.equal(
    tooLong('x'.repeat(40_001)),
    'A message holds at most 40,000 characters; this one has 40,001.',
  );
});

test('a stream is read as it comes, in whatever pieces', () => {
  const whole =
    'retry: 900\nid: 7\ndata: {"type":"hello"}\n\n: \nid: 9\n\nid: 10\ndata: {"a":1}\n\nid: 11\nda';
  const read = reader();
  const frames = [...whole].flatMap(read);
  assert.deepEqual(frames, [
    { id: 7, data: '{"type":"hello"}' },
    { id: 9, data: null },
    { id: 10, data: '{"a":1}' },
  ]);
});
