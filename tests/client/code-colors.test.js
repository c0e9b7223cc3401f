import assert from 'node:assert/strict';
import { test } from 'node:test';
import { colorsWith, isColorable } from '../../src/bullpen/client/messages/code-colors.js';
import { tokensOf } from '../../src/bullpen/client/messages/markdown/markdown.js';
import { written } from './written.js';

// Its types are none of ours.
const library = new URL('../../src/bullpen/client/vendor/highlight/highlight.js', import.meta.url).href;
const colors = colorsWith((await import(library)).default);

/** @param {string} text @param {string} language */
const shown = (text, language) => written(colors(text, language));

test('code is colored by what its parts are, and says what it said', () => {
  assert.equal(
    shown('let a = "<b>"; // 1', 'js'),
    '<span class="code-keyword">let</span> a = <span class="code-string">"&#60;b&#62;"</span>; <span class="code-quiet">// 1</span>',
  );
  const code = 'def f(x):\n    """One."""\n    return {"a": [x, 2.5, None]}\n';
  assert.equal(shown(code, 'Python').replace(/<[^>]*>/g, ''), code);
});

test('the common languages are known by their usual names', () => {
  const names = ['js', 'ts', 'py', 'sh', 'bash', 'sql', 'json', 'yaml', 'html', 'css', 'rust', 'go', 'java'];
  const more = ['c', 'cpp', 'c#', 'ruby', 'php', 'diff', 'kotlin', 'swift', 'toml', 'xml', 'markdown', 'lua'];
  for (const name of [...names, ...more]) assert.notEqual(colors('a', name), null, name);
});

test('a language that nobody knows has no colors', () => {
  assert.equal(colors('a b', 'brainwave'), null);
});

test('code that would take long to color stays plain', () => {
  assert.equal(isColorable('a\n'.repeat(1_000), 'js'), true);
  assert.equal(isColorable('a', ''), false);
  assert.equal(isColorable('a\n'.repeat(20_000), 'js'), false);
  assert.equal(isColorable('a'.repeat(2_000), 'js'), false);
});

test('the first word behind a fence is the language', () => {
  for (const [info, language] of [
    ['js', 'js'],
    [' python title="x"', 'python'],
    ['rust,ignore', 'rust'],
    ['', ''],
    ['x'.repeat(40), ''],
  ])
    assert.deepEqual(
      tokensOf(`\`\`\`${info}\na\n\`\`\``).map((token) => 'language' in token && token.language),
      [language],
    );
});
