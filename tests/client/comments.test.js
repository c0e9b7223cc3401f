// The linker leaves out comments on lines of their own. It goes by lines, so a template must have no line that looks like one.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import ts from 'typescript';

const folder = new URL('../../src/bullpen/client/', import.meta.url).pathname;
const looksLikeOne = /^ *(?:\/\/|\/\*\*)/m;

/** @param {string} text @returns {string[]} the literal parts of its templates */
function templates(text) {
  /** @type {string[]} */
  const found = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isTemplateLiteralToken(node)) found.push(node.getText());
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('module.js', text, ts.ScriptTarget.Latest, true));
  return found;
}

test('no template has a line that looks like a comment', () => {
  const files = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.js') && !name.startsWith('vendor/'));
  assert.ok(files.length > 100);
  const wrong = files.filter((name) =>
    templates(readFileSync(folder + name, 'utf8')).some((part) => looksLikeOne.test(part)),
  );
  assert.deepEqual(wrong, []);
});

test('a line that looks like a comment is found in a template', () => {
  assert.ok(templates('const a = `x\n  // y\n`;').some((part) => looksLikeOne.test(part)));
});
