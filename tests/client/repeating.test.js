import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cronOf, rhythms, wordsOf } from '../../src/bullpen/client/agent/schedule/cron-presets.js';

test('what is chosen is said in the same words again', () => {
  for (const { days, name } of rhythms)
    assert.match(wordsOf(cronOf(days, '07:05')) ?? '', new RegExp(`^${name} at 0?7:05`));
  assert.equal(cronOf('mon-fri', '07:05'), '5 7 * * mon-fri');
});

test('any other expression is left as it is', () => {
  for (const cron of ['0 9 1 * *', '*/5 * * * *', '0 25 * * *', '0 9 * * 1,3', 'whenever'])
    assert.equal(wordsOf(cron), null);
});
