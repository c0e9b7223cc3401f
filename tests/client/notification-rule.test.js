import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isQuiet, notifies } from '../../src/bullpen/client/shell/notification-rule.js';

const table = JSON.parse(readFileSync(new URL('../cases/notifications.json', import.meta.url), 'utf8'));
const usual = { isDirect: false, isMuted: false, mention: null, isOfThread: false, follows: false };
const none = { pausedUntil: null, quietFrom: null, quietUntil: null, isSilent: false };

for (const { name, notifies: expected, ...about } of table.messages)
  test(`whether it notifies: ${name}`, () => assert.equal(notifies({ ...usual, ...about }), expected));

for (const { name, clock, isQuiet: expected, ...settings } of table.moments)
  test(`whether there are notifications: ${name}`, () => {
    assert.equal(isQuiet({ ...none, ...settings }, new Date('2026-03-04T09:00:00Z'), clock), expected);
  });
