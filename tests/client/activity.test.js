import assert from 'node:assert/strict';
import { test } from 'node:test';
import './browser.js';
import { addressOfActivity, chosenIn, filterOf } from '../../src/bullpen/client/activity/filter.js';
import { daysOfFigures, seriesOf } from '../../src/bullpen/client/activity/plot-data.js';
import { stopsAt } from '../../src/bullpen/client/messages/stops.js';

/** @import { ActivityFigures } from '../../src/bullpen/client/core/types.js' */

/** @param {string} day @param {string} key @param {number} runs @returns {ActivityFigures} */
const figures = (day, key, runs) => ({
  day,
  key,
  runs,
  failed: 0,
  canceled: 0,
  inputTokens: 0,
  uniqueTokens: 0,
  outputTokens: 0,
  costUsd: 0,
  medianSeconds: runs,
});

test('days without runs are drawn as nothing, and not left out', () => {
  const found = [figures('2031-05-06', 'a', 2), figures('2031-05-08', 'a', 3)];
  assert.equal(daysOfFigures(found).length, 3);
  assert.deepEqual(seriesOf(found, 'runs'), [{ key: 'a', values: [2, 0, 3] }]);
  assert.deepEqual(seriesOf(found, 'medianSeconds'), [{ key: 'a', values: [2, null, 3] }]);
  assert.deepEqual(seriesOf([], 'runs'), []);
});

test('of many series the largest are drawn, and the others as one', () => {
  const found = Array.from({ length: 10 }, (_, place) => figures('2031-05-06', `k${place}`, place));
  const drawn = seriesOf(found, 'runs');
  assert.deepEqual(
    drawn.map(({ key }) => key),
    ['k9', 'k8', 'k7', 'k6', 'k5', 'k4', 'k3', 'others'],
  );
  assert.deepEqual(drawn.at(-1)?.values, [3]);
  // Medians do not add up.
  assert.equal(seriesOf(found, 'medianSeconds').length, 7);
});

test('what a list is narrowed by is in its address, and back again', () => {
  const chosen = chosenIn(new URLSearchParams('agent=jim&cost=0.5&other=x&from=2031-05-06'));
  assert.equal(addressOfActivity(chosen), '/activity?agent=jim&from=2031-05-06&cost=0.5');
  const filter = filterOf(chosen);
  assert.deepEqual([filter.agentId, filter.leastUsd, filter.to], ['jim', '0.5', '']);
  assert.equal(filter.from, new Date('2031-05-06T00:00').toISOString());
  assert.equal(filterOf({ ...chosen, from: 'soon', cost: '-1' }).from, '');
  assert.equal(filterOf({ ...chosen, cost: 'much' }).leastUsd, '');
  assert.equal(addressOfActivity(chosenIn(new URLSearchParams())), '/activity');
});

test('one Stop is one line, at the newest message that was to be answered', () => {
  const run = (/** @type {string} */ agentId) => ({ runId: `run-${agentId}`, agentId });
  const message = (/** @type {string} */ id, /** @type {object} */ more = {}) =>
    /** @type {any} */ ({ id, ...more });
  const found = stopsAt([
    message('1', { stoppedRuns: [run('jim')], stoppedAt: ['9:00'] }),
    message('2', { stoppedRuns: [run('pam'), run('toby')], stoppedAt: ['9:00', '9:05'] }),
    message('3'),
  ]);
  assert.deepEqual([...found.keys()], ['2']);
  assert.deepEqual(
    found.get('2')?.map(({ agentId }) => agentId),
    ['jim', 'pam', 'toby'],
  );
});
