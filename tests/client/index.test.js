import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const client = new URL('../../src/bullpen/client/', import.meta.url);
const page = readFileSync(new URL('index.html', client), 'utf8');

test('the page waits for one stylesheet, which the server makes of all of them', () => {
  const linked = [...page.matchAll(/styles\/([a-z-]+\.css)/g)].map((match) => match[1]);
  assert.deepEqual(linked, ['all.css']);
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
  for (const folder of [
    '',
    'app/',
    'components/',
    'live/',
    'live/styles/',
    'styles/',
    'pages/',
    'pages/styles/',
  ]) {
    for (const name of readdirSync(new URL(folder, client))) {
      if (!/\.(html|js|css)$/.test(name)) continue;
      const text = readFileSync(new URL(folder + name, client), 'utf8');
      assert.doesNotMatch(text, /(?:src|href|url|from|import)[=("'\s]+(?:https?:)?\/\//, folder + name);
    }
  }
});

test('no component puts a string into the page as markup', () => {
  for (const folder of ['app/', 'components/', 'live/', 'pages/']) {
    for (const name of readdirSync(new URL(folder, client))) {
      if (!name.endsWith('.js')) continue;
      const text = readFileSync(new URL(folder + name, client), 'utf8');
      assert.doesNotMatch(
        text,
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|dangerouslySet/,
        name,
      );
    }
  }
});

test('what is not needed for the first view is loaded when it is, and not before', () => {
  for (const folder of ['app/', 'components/']) {
    for (const name of readdirSync(new URL(folder, client))) {
      if (!name.endsWith('.js')) continue;
      const text = readFileSync(new URL(folder + name, client), 'utf8');
      assert.doesNotMatch(text, /from '[^']*\/(pages|live)\//, folder + name);
    }
  }
  assert.doesNotMatch(page, /(pages|live)\//);
});
