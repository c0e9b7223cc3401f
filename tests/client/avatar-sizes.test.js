import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const client = new URL('../../src/bullpen/client/', import.meta.url);
const styles = readFileSync(new URL('ui/avatar.css', client), 'utf8');

test('every avatar has a size that the styles know', () => {
  const sizes = new Set();
  for (const file of readdirSync(client, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.js') || file.startsWith('vendor')) continue;
    const text = readFileSync(new URL(file, client), 'utf8');
    for (const [, size] of text.matchAll(/<\$\{Avatar\}[^>]*? size=\$\{(\d+)\}/g)) sizes.add(size);
  }
  assert.ok(sizes.size > 3);
  assert.deepEqual(
    [...sizes].filter((size) => !styles.includes(`.avatar--${size} {`)),
    [],
  );
});
