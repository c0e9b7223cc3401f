import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countsOf, diffRows, stretchesOf } from '../../src/bullpen/client/agent/memory/differences.js';

/** @param {ReturnType<typeof diffRows>} rows as lines that can be read */
const written = (rows) =>
  rows.map((row) => {
    if (row.kind === 'gap') return `… ${row.lines}`;
    const mark = { same: ' ', removed: '-', added: '+' }[row.kind];
    return mark + row.parts.map(({ text, changed }) => (changed ? `[${text}]` : text)).join('');
  });

test('equal texts have no difference', () => {
  assert.deepEqual(countsOf(diffRows('one\ntwo', 'one\ntwo')), { added: 0, removed: 0 });
  assert.deepEqual(diffRows('', ''), []);
});

test('what was written into nothing is added, line by line', () => {
  assert.deepEqual(written(diffRows('', 'one\ntwo')), ['+one', '+two']);
  assert.deepEqual(written(diffRows('one\n\ntwo', '')), ['-one', '-', '-two']);
});

test('a changed line shows the words that changed', () => {
  assert.deepEqual(
    written(diffRows('The pitch is on Wednesday.\nAsk Pam.', 'The pitch is on Friday.\nAsk Pam.')),
    ['-The pitch is on [Wednesday].', '+The pitch is on [Friday].', ' Ask Pam.'],
  );
});

test('a line that was replaced is not cut into accidental words', () => {
  assert.deepEqual(written(diffRows('Jim is in Philadelphia again', 'Nobody knows what Creed does')), [
    '-Jim is in Philadelphia again',
    '+Nobody knows what Creed does',
  ]);
});

test('an inserted line leaves its neighbours as they are', () => {
  assert.deepEqual(written(diffRows('one\nthree', 'one\ntwo\nthree')), [' one', '+two', ' three']);
});

test('long stretches without a change are folded, but for two lines beside what changed', () => {
  const lines = Array.from({ length: 12 }, (_, at) => `line ${at}`);
  const changed = lines.with(6, 'something else entirely');
  assert.deepEqual(written(diffRows(lines.join('\n'), changed.join('\n'))), [
    '… 4',
    ' line 4',
    ' line 5',
    '-line 6',
    '+something else entirely',
    ' line 7',
    ' line 8',
    '… 3',
  ]);
});

test('both texts can be had back from the stretches, whatever they are', () => {
  let seed = 7;
  const random = (/** @type {number} */ most) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % most;
  };
  for (let round = 0; round < 300; round += 1) {
    const [before, after] = [0, 1].map(() =>
      Array.from({ length: random(14) }, () => 'abcd'.charAt(random(4))),
    );
    const stretches = stretchesOf(before ?? [], after ?? []);
    const without = (/** @type {string} */ kind) =>
      stretches.filter((stretch) => stretch.kind !== kind).flatMap((stretch) => stretch.items);
    assert.deepEqual(without('added'), before);
    assert.deepEqual(without('removed'), after);
    const kinds = stretches.map((stretch) => stretch.kind);
    assert.ok(kinds.every((kind, at) => kind !== kinds[at + 1]));
  }
});

test('texts of the largest size are compared without delay', () => {
  const before = Array.from({ length: 5000 }, (_, at) => `${at}`).join('\n');
  const after = Array.from({ length: 5000 }, (_, at) => `${at * 3}`).join('\n');
  const begun = performance.now();
  assert.ok(countsOf(diffRows(before, after)).added > 0);
  assert.ok(performance.now() - begun < 1000);
});
