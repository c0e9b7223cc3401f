import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { mentionsIn, namesOf, namesOfUsers } from '../../src/bullpen/client/messages/mentions.js';

const table = JSON.parse(readFileSync(new URL('../cases/mentions.json', import.meta.url), 'utf8'));
const names = namesOfUsers(table.people, table.groups);

for (const { text, found } of table.cases) {
  test(`the mentions of ${JSON.stringify(text)}`, () => {
    const mentions = mentionsIn(text, names);
    assert.deepEqual(
      mentions.map(({ start, end, id }) => [id, text.slice(start, end)]),
      found,
    );
  });
}

test('channels are named as people are, and an entity is none', () => {
  const rooms = namesOf([
    { id: 'general', name: 'general' },
    { id: '35', name: '35' },
    { id: 'x', name: 'größe' },
  ]);
  const text = '#general, (#GRÖSSE) `#general` c#general &#35;general';
  assert.deepEqual(
    mentionsIn(text, rooms, '#').map(({ id }) => id),
    ['general', 'x'],
  );
});
