import assert from 'node:assert/strict';
import { test } from 'node:test';
import { avatarColors, contrast, initialsOf } from '../../src/bullpen/client/ui/avatar-colors.js';

/** @param {string} color @returns {[number, number, number]} */
function rgb(color) {
  const parts = color.startsWith('rgb')
    ? (color.match(/\d+/g) ?? []).map(Number)
    : (color.length === 4
        ? [...color.slice(1)].map((part) => part + part)
        : (color.slice(1).match(/../g) ?? [])
      ).map((part) => Number.parseInt(part, 16));
  return /** @type {[number, number, number]} */ (parts);
}

test('initials can be read on every colour there is', () => {
  const steps = [0, 51, 102, 119, 127, 153, 204, 255];
  for (const red of steps)
    for (const green of steps)
      for (const blue of steps) {
        const color = `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
        const { background, ink } = avatarColors(color);
        assert.ok(contrast(rgb(background), rgb(ink)) >= 4.5, `${ink} on ${background}`);
      }
});

test('a colour that is none becomes grey', () => {
  for (const color of ['', 'red', '#12', 'url(x)'])
    assert.match(avatarColors(color).background, /^#[0-9a-f]{6}$/);
});

test('initials are those of the first and the last word', () => {
  assert.equal(initialsOf('Michael Scott'), 'MS');
  assert.equal(initialsOf('Ludwig van Beethoven'), 'LB');
  assert.equal(initialsOf('creed'), 'C');
  assert.equal(initialsOf('party-planning'), 'PP');
  assert.equal(initialsOf('👩‍🚀 Ada'), '👩‍🚀A');
  assert.equal(initialsOf(''), '');
});
