import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { listed } from '../../src/bullpen/client/core/listed-names.js';
import { compareNames } from '../../src/bullpen/client/core/name-order.js';

/** @type {string[]} */
const inOrder = JSON.parse(readFileSync(new URL('../cases/name_order.json', import.meta.url), 'utf8'));

test('names stand as people sort them, from whatever order they come', () => {
  assert.deepEqual(inOrder.toReversed().toSorted(compareNames), inOrder);
  assert.deepEqual([...inOrder].sort().sort(compareNames), inOrder);
});

test('a name is equal to itself alone', () => {
  for (const [at, name] of inOrder.entries())
    for (const [place, other] of inOrder.entries())
      assert.equal(Math.sign(compareNames(name, other)), Math.sign(at - place), `${name} and ${other}`);
});

/** @type {{ names: string[], listed: string }[]} */
const lists = JSON.parse(readFileSync(new URL('../cases/listed_names.json', import.meta.url), 'utf8'));

for (const one of lists)
  test(`the names of several, as in a sentence: ${one.listed}`, () => {
    assert.equal(listed(one.names), one.listed);
  });
