import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBigEmoji } from '../../src/bullpen/client/app/markdown.js';

test('a few emoji alone are shown big', () => {
  for (const text of ['🎉', '👍 👍', '👩‍👩‍👧‍👦', '🏳️‍🌈', '1️⃣', '🇺🇸', '❤', ' 🎉\n🎉 '])
    assert.ok(isBigEmoji(text), text);
});

test('text, digits and a long row of emoji are not', () => {
  for (const text of ['', '  ', '2', '#', 'ok 👍', '👍!', '🎉'.repeat(13)])
    assert.ok(!isBigEmoji(text), text);
});
