import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quotation } from '../../src/bullpen/client/messages/quotation.js';

const address = 'https://chat.test/c/general/m/1';

test('a quotation has every line, the author and a link', () => {
  assert.equal(
    quotation('One\n\n> Two', 'Pam [B]', address),
    `> One\n>\n> > Two\n\n[Pam \\[B\\]](${address})\n`,
  );
});

test('of a long message the beginning is quoted, with whole signs', () => {
  const [line = ''] = quotation(`${'a'.repeat(1_999)}😀${'b'.repeat(100)}`, 'Pam', address).split('\n');
  assert.equal(line, `> ${'a'.repeat(1_999)}…`);
});

test('a quotation notifies nobody once more', () => {
  const [line = ''] = quotation('@channel `@here` and ＠Here, @pam', 'Pam', address).split('\n');
  assert.equal(line, '> \\@channel `@here` and \\＠Here, @pam');
});
