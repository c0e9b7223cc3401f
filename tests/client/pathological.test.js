import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { table, textOf } from './pathological.js';

test('Node makes the same pathological texts as Python', () => {
  const hash = createHash('sha256');
  for (const kind of table.kinds) hash.update(Buffer.from(textOf(kind), 'utf16le'));
  assert.equal(hash.digest('hex'), table.sha256);
});
