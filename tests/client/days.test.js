import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayLabel, lastReplyLabel } from '../../src/bullpen/client/core/time.js';
import { daysOf } from '../../src/bullpen/client/messages/days.js';

/** @param {string} userId @param {Date} date */
const message = (userId, date) => ({
  id: date.toISOString(),
  channelId: 'general',
  userId,
  text: '',
  timestamp: date.toISOString(),
  reactions: [],
  threadReplyCount: 0,
});

/** @param {number} day @param {number} hour @param {number} [minute] @param {number} [second] */
const at = (day, hour, minute = 0, second = 0) => new Date(2026, 0, day, hour, minute, second);

test('messages of one author within five minutes belong together', () => {
  const [day] = daysOf([
    message('jim', at(5, 9, 0)),
    message('jim', at(5, 9, 4, 59)),
    message('jim', at(5, 9, 9, 59)),
    message('pam', at(5, 9, 10)),
    message('jim', at(5, 9, 11)),
  ]);
  assert.deepEqual(
    day?.rows.map((row) => row.grouped),
    [false, true, false, false, false],
  );
});

test('a new day begins at midnight, also within a group', () => {
  const days = daysOf([message('jim', at(5, 23, 59)), message('jim', at(6, 0, 1))]);
  assert.deepEqual(
    days.map((day) => day.rows.map((row) => row.grouped)),
    [[false], [false]],
  );
});

test('days are named as people name them', () => {
  const now = at(5, 12);
  assert.equal(dayLabel(at(5, 0), now), 'Today');
  assert.equal(dayLabel(at(4, 23), now), 'Yesterday');
  assert.equal(dayLabel(at(2, 12), now), 'Friday, January 2');
  assert.equal(dayLabel(new Date(2025, 11, 30), now), 'Tuesday, December 30, 2025');
});

test('the last reply says its day only when that is not clear', () => {
  const now = at(5, 12);
  assert.match(lastReplyLabel(at(5, 9, 30), now), /^today at 9:30/);
  assert.match(lastReplyLabel(at(4, 9, 30), now), /^yesterday at 9:30/);
  assert.match(lastReplyLabel(at(2, 9, 30), now), /^Jan 2 at 9:30/);
});

test('a reply that is also in the channel stands by itself', () => {
  const repliedTo = { userId: 'pam', text: 'Lunch?' };
  const [day] = daysOf([
    message('jim', at(5, 9, 0)),
    { ...message('jim', at(5, 9, 1)), repliedTo },
    message('jim', at(5, 9, 2)),
    message('jim', at(5, 9, 3)),
  ]);
  assert.deepEqual(
    day?.rows.map((row) => row.grouped),
    [false, false, false, true],
  );
});
