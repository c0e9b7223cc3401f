import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { pathOf, qrCode } from '../../src/bullpen/client/account/qr.js';

/**
 * Codes that another encoder (the Python package qrcode) drew: of all masks, with and without padding, and of versions
 * that differ in the length of their count, in their alignment and in whether they name themselves.
 * @type {{ text: string, times?: number, mask: number, size: number, sha256: string }[]}
 */
const drawn = JSON.parse(readFileSync(new URL('./fixtures/qr.json', import.meta.url), 'utf8'));

test('a code has the same modules as one by another encoder', () => {
  for (const { text, times = 1, mask, size, sha256 } of drawn) {
    const rows = qrCode(text.repeat(times), mask).map((row) => row.map(Number).join(''));
    assert.equal(rows.length, size);
    assert.equal(createHash('sha256').update(rows.join('\n')).digest('hex'), sha256, `${text} × ${times}`);
  }
});

test('without a given mask one of the eight is taken', () => {
  const text = 'otpauth://totp/Bullpen:pam?secret=JBSWY3DPEHPK3PXP';
  const masks = [...Array(8).keys()].map((mask) => JSON.stringify(qrCode(text, mask)));
  assert.ok(masks.includes(JSON.stringify(qrCode(text))));
});

test('a text that no version holds is refused', () => {
  assert.equal(qrCode('q'.repeat(2331), 0).length, 177);
  assert.throws(() => qrCode('q'.repeat(2332), 0), /Too long/);
});

test('a path has a square for each dark module', () => {
  assert.equal(
    pathOf([
      [true, false],
      [false, true],
    ]),
    'M0 0h1v1h-1zM1 1h1v1h-1z',
  );
});
