import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { asEmoji } from '../../src/bullpen/client/composer/emoji.js';
import { isVisible } from '../../src/bullpen/client/core/visible.js';
import { isBigEmoji } from '../../src/bullpen/client/messages/markdown/markdown.js';

/** @param {string} path @returns {any} */
const json = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
const all = json('../../src/bullpen/client/vendor/emoji.json');

test('an emoji has one form, and nothing else is one', () => {
  const { one, none } = json('../cases/emoji.json');
  for (const [written, form] of one) assert.equal(asEmoji(written, all), form, JSON.stringify(written));
  for (const text of none) assert.equal(asEmoji(text, all), null, JSON.stringify(text));
});

test('a text is visible or blank', () => {
  const { visible, blank } = json('../cases/visible.json');
  for (const text of visible) assert.ok(isVisible(text), JSON.stringify(text));
  for (const text of blank) assert.ok(!isVisible(text), JSON.stringify(text));
});

test('a few emoji alone are shown big', () => {
  for (const text of ['🎉', '👍 👍', '👩‍👩‍👧‍👦', '🏳️‍🌈', '1️⃣', '🇺🇸', '❤', ' 🎉\n🎉 '])
    assert.ok(isBigEmoji(text), text);
});

test('text, digits and a long row of emoji are not', () => {
  for (const text of ['', '  ', '2', '#', 'ok 👍', '👍!', '🎉'.repeat(13)])
    assert.ok(!isBigEmoji(text), text);
});
