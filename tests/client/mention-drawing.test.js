import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CodeBlock } from '../../src/bullpen/client/messages/CodeBlock.js';
import { mentionsOf, render } from '../../src/bullpen/client/messages/MessageText.js';
import { tokensOf } from '../../src/bullpen/client/messages/markdown/markdown.js';
import { namesOf, namesOfUsers } from '../../src/bullpen/client/messages/mentions.js';

const table = JSON.parse(readFileSync(new URL('../cases/mentions.json', import.meta.url), 'utf8'));
const people = namesOfUsers(table.people, table.groups);
const rooms = namesOf([{ id: 'general', name: 'general' }]);

/** The mentions among elements, in their order. @param {any} node @returns {string[][]} */
function drawn(node) {
  if (Array.isArray(node)) return node.flatMap(drawn);
  if (node === null || typeof node !== 'object') return [];
  if (typeof node.type === 'function' && node.type !== CodeBlock) return [[node.props.id, node.props.raw]];
  return drawn(node.props.children);
}

/** @param {string} text */
const shown = (text) => drawn(render(tokensOf(text), mentionsOf(text, people, rooms)));

test('what is drawn as a mention is what asks', () => {
  for (const { text, found } of table.cases) assert.deepEqual(shown(text), found, JSON.stringify(text));
});

test('a channel is drawn where it is named, and not in code or a link', () => {
  const text = '#general, (#General) `#general` [#general](https://example.com/#general) x#general';
  assert.deepEqual(shown(text), [
    ['general', '#general'],
    ['general', '#General'],
  ]);
});
