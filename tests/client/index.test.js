import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { test } from 'node:test';

const client = new URL('../../src/bullpen/client/', import.meta.url);
const page = readFileSync(new URL('index.html', client), 'utf8');

/** What is not a library: its text by its path. */
const written = Object.fromEntries(
  readdirSync(client, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /\.(?:html|js|css)$/.test(name) && !name.startsWith('vendor/'))
    .map((name) => [name, readFileSync(new URL(name, client), 'utf8')]),
);

test('the page waits for one stylesheet, that of the first view', () => {
  const linked = [...page.matchAll(/styles\/([a-z-]+\.css)/g)].map((match) => match[1]);
  assert.deepEqual(linked, ['chat.css']);
});

test('the page preloads every module that its import map names', () => {
  const named = [...page.matchAll(/": "\{\{static\}\}vendor\/([a-z-]+\.js)"/g)].map((match) => match[1]);
  const preloaded = [...page.matchAll(/modulepreload" href="\{\{static\}\}vendor\/([a-z-]+\.js)/g)];
  assert.ok(named.length > 0);
  assert.deepEqual(preloaded.map((match) => match[1]).toSorted(), named.toSorted());
});

test('no other library is vendored, but the icons, which are linked with the modules', () => {
  const vendored = readdirSync(new URL('vendor/', client)).filter((name) => name.endsWith('.js'));
  const others = vendored.filter((name) => !page.includes(`vendor/${name}`));
  assert.deepEqual(others, ['lucide-live.js', 'lucide-pages.js', 'lucide.js']);
});

test('the only inline script is the import map, and nothing is styled inline', () => {
  const inline = [...page.matchAll(/<script(?![^>]*\bsrc=)[^>]*>/g)].map(([tag]) => tag);
  assert.deepEqual(inline, ['<script type="importmap">']);
  assert.doesNotMatch(page, /<style|\sstyle=/);
});

test('nothing is loaded from elsewhere', () => {
  for (const [name, text] of Object.entries(written))
    assert.doesNotMatch(text, /(?:src|href|url|from|import)[=("'\s]+(?:https?:)?\/\//, name);
});

test('no component puts a string into the page as markup', () => {
  for (const [name, text] of Object.entries(written))
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|dangerouslySet/, name);
});

test('what the first view loads has nothing of the pages, and nothing that the open stream needs', () => {
  const loaded = new Set();
  const wanted = ['prefetch.js', 'main.js'];
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    if (loaded.has(name)) continue;
    loaded.add(name);
    for (const [, path = ''] of (written[name] ?? '').matchAll(/^(?:import|\}) .*'(\.[^']+)';$/gm))
      wanted.push(posix.join(posix.dirname(name), path));
  }
  assert.ok(loaded.size > 50);
  const late = [...loaded].filter((name) => /^(?:agent|run|search|settings|core\/realtime)\//.test(name));
  assert.deepEqual(late, []);
});
