import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isShown, sectionIdOf, sectionsOf } from '../../src/bullpen/client/core/store/sections.js';

const { orders, places, rows } = JSON.parse(
  readFileSync(new URL('../cases/sections.json', import.meta.url), 'utf8'),
);
const layout = {
  isUnreadOnly: false,
  sections: [
    { id: 'own', name: 'Own', isCollapsed: false, channelIds: ['sales'] },
    { id: 'direct', isCollapsed: true, channelIds: [] },
  ],
};

for (const { name, sections, ids } of orders)
  test(`the sections are in their order: ${name}`, () => {
    const found = sectionsOf({ isUnreadOnly: false, sections });
    assert.deepEqual(
      found.map(({ id }) => id),
      ids,
    );
  });

for (const { name, sectionId, ...conversation } of places)
  test(`${name} is in its section`, () => assert.equal(sectionIdOf(conversation, layout), sectionId));

for (const { name, isShown: expected, ...row } of rows)
  test(`${name} is shown or hidden`, () => assert.equal(isShown(row), expected));
