import assert from 'node:assert/strict';
import { test } from 'node:test';
import { begunIn, ranked } from '../../src/bullpen/client/composer/completion-words.js';
import {
  ends,
  fenced,
  inCode,
  inFence,
  linked,
  prefixed,
  surrounded,
} from '../../src/bullpen/client/composer/formatting.js';
import { tooLong } from '../../src/bullpen/client/composer/message-length.js';
import { shortcodeBefore } from '../../src/bullpen/client/composer/shortcodes.js';
import { reader } from '../../src/bullpen/client/core/realtime/frames.js';
import { table, textOf } from './pathological.js';

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
  for (const [before, kind, word] of /** @type {[string, string, string][]} */ ([
    ['こんにちは@dw', '@', 'dw'],
    ['「@', '@', ''],
    ['，@dw', '@', 'dw'],
    ['＠dw', '@', 'dw'],
    ['你好#gen', '#', 'gen'],
    ['@प्रि', '@', 'प्रि'],
    ['สวัสดี@Dw', '@', 'dw'],
    ['@e\u0301lo', '@', 'e\u0301lo'],
    ['@É', '@', 'e\u0301'],
    ['看:ta', ':', 'ta'],
  ]))
    assert.deepEqual([begunIn(before)?.kind, begunIn(before)?.word], [kind, word], before);
  assert.equal(begunIn('https:/'), null);
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
  assert.equal(tooLong('x'.repeat(40_001)), 'Too long by 1 character (limit 40,000).');
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

test('Enter ends what is written, but begins a line inside a fence', () => {
  /** @param {string} before @param {string} after @param {object} [held] */
  const ended = (before, after, held = {}) =>
    ends(
      /** @type {KeyboardEvent} */ ({
        shiftKey: false,
        altKey: false,
        ctrlKey: false,
        metaKey: false,
        ...held,
      }),
      /** @type {HTMLTextAreaElement} */ ({ value: before + after, selectionStart: before.length }),
    );
  assert.equal(ended('a', ''), true);
  assert.equal(ended('a', '', { shiftKey: true }), false);
  for (const [before, after] of [
    ['```\na', '\n```'],
    ['```js\n', ''],
    ['~~~\na', '\n~~~'],
    ['````\n```\n', '\n````'],
  ]) {
    assert.equal(ended(before ?? '', after ?? ''), false, before);
    assert.equal(ended(before ?? '', after ?? '', { ctrlKey: true }), true, before);
  }
  for (const text of ['```\na\n```', '```a```', '~~~\na\n~~~', 'a ```', '``\n'])
    assert.equal(inFence(text), false, text);
});

test('a shortcode is one when its end is typed, outside of code', () => {
  const code = (/** @type {string} */ before) => shortcodeBefore(before)?.code;
  for (const text of [
    ':tada:',
    'so :Tada:',
    '(:tada:',
    '**:tada:',
    '`a` :tada:',
    '```\na\n```\n:tada:',
    '「:tada:',
    '：tada：',
  ])
    assert.equal(code(text), 'tada', text);
  assert.equal(code('10:30:'), undefined);
  for (const text of [
    '`:tada:',
    '```\n:tada:',
    '``a` :tada:',
    'a:tada:',
    '::tada:',
    ':ta da:',
    ':tada',
    'http://:tada:',
    '::',
  ])
    assert.equal(code(text), undefined, text);
  assert.deepEqual(shortcodeBefore('so :+1:'), { code: '+1', from: 3 });
  assert.equal(inCode('a ` b\n\n`c` d'), false);
});

test('nothing that is done at each key takes long', () => {
  for (const kind of table.kinds) {
    const text = textOf(kind);
    const start = process.cpuUsage();
    begunIn(text);
    inFence(text);
    inCode(text);
    shortcodeBefore(`${text}:a:`);
    for (const change of [fenced, linked]) change({ text, start: 10, end: text.length });
    surrounded({ text, start: 10, end: text.length }, '**');
    for (const sign of /** @type {const} */ (['> ', '- ', '1. ']))
      prefixed({ text, start: 0, end: text.length }, sign);
    const { user } = process.cpuUsage(start);
    assert.ok(user < 200_000, `${kind.name} took ${user / 1000} ms`);
  }
});
