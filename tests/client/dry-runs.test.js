import assert from 'node:assert/strict';
import test from 'node:test';
import { costOf, givenTo, linesOf, variantsOf } from '../../src/bullpen/client/run/dry-runs.js';

test('every model is tried as it is, and beside it with another persona or prompt', () => {
  assert.deepEqual(variantsOf('', '', ' '), [{}]);
  assert.deepEqual(variantsOf(' a \n\nb', '', 'Ask'), [
    { modelId: 'a' },
    { modelId: 'b' },
    { modelId: 'a', prompt: 'Ask' },
    { modelId: 'b', prompt: 'Ask' },
  ]);
  assert.deepEqual(variantsOf('', 'Be brief.', 'Ask'), [{}, { persona: 'Be brief.', prompt: 'Ask' }]);
  assert.deepEqual(linesOf('Who?\n \n Why? '), ['Who?', 'Why?']);
});

test('what a run was given is found in its steps, and what tries cost adds up', () => {
  const given = { messageType: 'user_message', content: 'Who?' };
  const run = /** @type {any} */ ({ messages: [], steps: [{ messages: [given] }] });
  assert.equal(givenTo(run, 'user_message'), 'Who?');
  assert.equal(givenTo(run, 'system_message'), '');
  const experiments = /** @type {any} */ ([{ trials: [{ costUsd: 1 }, { costUsd: 0.5 }] }, { trials: [] }]);
  assert.equal(costOf(experiments), 1.5);
});
