import assert from 'node:assert/strict';
import { test } from 'node:test';
import { languageOf, wholeCharacters } from '../../src/bullpen/client/messages/code-files.js';

const library = new URL('../../src/bullpen/client/vendor/highlight/highlight.js', import.meta.url).href;

test('a file is code by the ending of its name, in any case', () => {
  for (const [name, language] of [
    ['sales.py', 'py'],
    ['Sales.PY', 'py'],
    ['a.b.tsx', 'tsx'],
    ['Makefile', 'makefile'],
    ['build.Makefile', 'makefile'],
    ['notes.txt', ''],
    ['server.log', ''],
    ['table.csv', ''],
    ['py', ''],
    ['sales.py.', ''],
    ['', ''],
    ['x.constructor', ''],
  ])
    assert.equal(languageOf(name ?? ''), language, name);
});

test('the highlighter knows the language of each', async () => {
  const highlighter = (await import(library)).default;
  const all =
    'bash c cc cpp cs css diff go graphql h hpp html ini java js json jsx kt less lua md mjs patch php pl py r rb rs scss sh sql svg swift toml ts tsx vb xml yaml yml makefile';
  for (const ending of all.split(' ')) {
    assert.equal(languageOf(`x.${ending}`), ending);
    assert.ok(highlighter.getLanguage(ending), ending);
  }
});

test('a character that was cut is left out, and one that was written stays', () => {
  const bytes = new TextEncoder().encode('a🔥');
  for (const end of [2, 3, 4])
    assert.equal(wholeCharacters(new TextDecoder().decode(bytes.slice(0, end)), true), 'a');
  assert.equal(wholeCharacters('a\ufffd', false), 'a\ufffd');
});
