import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { badgeFor, inboxBadgeFor, isListed } from '../../src/bullpen/client/core/store/badges.js';

/** @typedef {import('../../src/bullpen/client/core/store/badges.js').Unread & { name: string, count: number }} Case */
/** @type {(Case & { isBold: boolean })[]} */
const cases = JSON.parse(readFileSync(new URL('../cases/badges.json', import.meta.url), 'utf8'));

for (const { name, count, isBold, ...unread } of cases)
  test(name, () => {
    const badge = badgeFor(unread);
    assert.deepEqual([badge.count, badge.isBold], [count, isBold]);
  });

/** @type {{ name: string, kind: string, memberIds: string[], isOpen: boolean, isListed: boolean }[]} */
const listed = JSON.parse(readFileSync(new URL('../cases/listed.json', import.meta.url), 'utf8'));

for (const { name, isListed: expected, ...conversation } of listed)
  test(`the sidebar lists or leaves out ${name}`, () =>
    assert.equal(isListed(conversation, 'jim'), expected));

/** @type {{ name: string, muted: boolean[], mentions: number, reactions: number, count: number, isBold: boolean }[]} */
const inboxes = JSON.parse(readFileSync(new URL('../cases/inbox_badges.json', import.meta.url), 'utf8'));

for (const { name, muted, count, isBold, ...others } of inboxes)
  test(`the inbox counts ${name}`, () => {
    const threads = muted.map((isMuted) => ({ isMuted }));
    assert.deepEqual(inboxBadgeFor(threads, others), { count, isBold });
  });
