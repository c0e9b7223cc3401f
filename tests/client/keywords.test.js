import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { wordsOf } from '../../src/bullpen/client/core/words.js';
import { hasKeyword } from '../../src/bullpen/client/shell/keywords.js';

const cases = JSON.parse(readFileSync(new URL('../cases/keywords.json', import.meta.url), 'utf8'));

for (const { name, keyword, text, matches } of cases)
  test(`whether a message has a keyword: ${name}`, () => assert.equal(hasKeyword([keyword], text), matches));

test('words are those of search', () => {
  assert.deepEqual(wordsOf("Jim's v2.0 日本語 🔥"), ['jim', 'v2', '0', '日本', '本語', '語', '🔥']);
});
