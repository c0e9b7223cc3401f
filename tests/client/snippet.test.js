import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainText } from '../../src/bullpen/client/messages/plain-text.js';
import { snippetOf } from '../../src/bullpen/client/search/snippet.js';
import { table, textOf } from './pathological.js';

/** A message in which `|` is around what is shown and `<>` around what was found. @param {string} marked */
function snippet(marked) {
  const [before = '', shown = '', after = ''] = marked.split('|');
  const segments = shown
    .split(/(<[^>]*>)/)
    .map((part) =>
      part.startsWith('<') ? { text: part.slice(1, -1), hit: true } : { text: part, hit: false },
    );
  return snippetOf(before + segments.map(({ text }) => text).join('') + after, segments)
    .map(({ text, hit }) => (hit ? `<${text}>` : text))
    .join('');
}

test('a snippet reads as its message does, and keeps the spaces around what was found', () => {
  assert.equal(snippet('|the long history of <paper>, and more|'), 'the long history of <paper>, and more');
  assert.equal(snippet('|a **<paper> jam** in `<paper>.js`|'), 'a <paper> jam in <paper>.js');
  assert.equal(
    snippet('|see [the <paper>](https://e.com/x) and \\*<this>\\*|'),
    'see the <paper> and *<this>*',
  );
  assert.equal(snippet('|# <Paper>\n\n- one\n- <paper>\n\n1. two|'), '<Paper> • one • <paper> 1. two');
  assert.equal(snippet('|> <quoted>\n\n```js\nlet <paper>;\n```|'), '<quoted> let <paper>;');
});

test('a snippet that begins within bold text has no stray signs', () => {
  assert.equal(snippet('so **this is |very <bold> indeed** and| that'), 'very <bold> indeed and');
  assert.equal(snippet('- a\n- b\n|- c <d>\n|- e'), '• c <d>');
});

test('what was found in an address that is not shown is shown as it was written', () => {
  const raw = '[docs](https://<example>.com/a)';
  assert.equal(snippet(`|${raw}|`), raw);
});

test('a snippet that is no part of the message is drawn by itself', () => {
  assert.deepEqual(
    snippetOf('something else', [
      { text: '**a** ', hit: false },
      { text: 'b', hit: true },
    ]),
    [
      { text: 'a ', hit: false },
      { text: 'b', hit: true },
    ],
  );
});

test('the plain text of a message is one line', () => {
  assert.equal(plainText('# Title\n\n**a** [b](https://e.com)\n- c\n---\n2) `d`'), 'Title a b • c 2) d');
});

test('no snippet takes long', () => {
  for (const kind of table.kinds) {
    const text = textOf(kind);
    const start = process.cpuUsage();
    snippetOf(text, [
      { text: text.slice(0, 300), hit: false },
      { text: text.slice(300, 310), hit: true },
    ]);
    const { user } = process.cpuUsage(start);
    assert.ok(user < 200_000, `${kind.name} took ${user / 1000} ms`);
  }
});
