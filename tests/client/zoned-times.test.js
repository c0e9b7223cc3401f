import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  fromLocalInputIn,
  localInputIn,
  timeChoices,
  tomorrowMorning,
} from '../../src/bullpen/client/core/zoned-times.js';

test('tomorrow at nine is nine in the zone of the member, also when clocks change that night', () => {
  for (const [now, zone, at] of /** @type {const} */ ([
    ['2026-01-05T23:30:00Z', 'Europe/Berlin', '2026-01-07T08:00:00Z'],
    ['2026-01-05T23:30:00Z', 'America/New_York', '2026-01-06T14:00:00Z'],
    ['2026-03-28T12:00:00Z', 'Europe/Berlin', '2026-03-29T07:00:00Z'],
    ['2026-10-24T12:00:00Z', 'Europe/Berlin', '2026-10-25T08:00:00Z'],
    ['2026-12-31T12:00:00Z', 'Asia/Kolkata', '2027-01-01T03:30:00Z'],
  ]))
    assert.equal(
      tomorrowMorning(new Date(now), zone).toISOString(),
      at.replace('Z', '.000Z'),
      `${now} ${zone}`,
    );
});

test('what a clock in the zone shows leads back to the moment', () => {
  assert.equal(localInputIn(new Date('2026-07-01T00:15:00Z'), 'Asia/Tokyo'), '2026-07-01T09:15');
  assert.equal(fromLocalInputIn('2026-07-01T09:15', 'Asia/Tokyo')?.toISOString(), '2026-07-01T00:15:00.000Z');
  assert.equal(fromLocalInputIn('', 'Asia/Tokyo'), null);
});

test('an hour that a change of clocks skips is one later, and one that it repeats is the first', () => {
  assert.equal(
    fromLocalInputIn('2026-03-29T02:30', 'Europe/Berlin')?.toISOString(),
    '2026-03-29T01:30:00.000Z',
  );
  assert.equal(
    fromLocalInputIn('2026-10-25T02:30', 'Europe/Berlin')?.toISOString(),
    '2026-10-25T00:30:00.000Z',
  );
});

test('twenty minutes, an hour and tomorrow are offered', () => {
  const now = new Date('2026-01-05T09:00:00Z');
  assert.deepEqual(
    timeChoices(now, 'UTC').map(({ at }) => at.toISOString()),
    ['2026-01-05T09:20:00.000Z', '2026-01-05T10:00:00.000Z', '2026-01-06T09:00:00.000Z'],
  );
});
