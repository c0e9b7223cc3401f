import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentState, followRun, running, unpaid } from '../../src/bullpen/client/core/store/agent-states.js';
import { state } from '../../src/bullpen/client/core/store/store.js';

/** @param {string} id @param {string} status @param {string | null} channelId @returns {any} */
const told = (id, status, channelId) => ({
  id: 1,
  type: 'run.changed',
  run: { id, agentId: 'jim', status, channelId },
});

const general = { id: 'general', name: 'general', kind: 'public', topic: '', memberIds: ['jim'] };

test('an agent works from the beginning of a run to its end', () => {
  state.value = { ...state.value, channels: /** @type {any} */ ({ general }) };
  assert.deepEqual(agentState('jim'), { state: 'idle', words: 'Idle' });
  followRun(told('1', 'created', 'general'));
  assert.deepEqual(agentState('jim'), { state: 'idle', words: 'Idle' });
  followRun(told('1', 'running', 'general'));
  assert.deepEqual(agentState('jim'), { state: 'working', words: 'Working in #general' });
  assert.deepEqual(agentState('pam'), { state: 'idle', words: 'Idle' });
  followRun(told('1', 'running', 'general'));
  for (const end of ['completed', 'failed', 'cancelled']) {
    followRun(told('1', end, 'general'));
    assert.deepEqual(running.value, {}, end);
    followRun(told('1', 'running', 'unknown'));
    assert.deepEqual(agentState('jim'), { state: 'working', words: 'Working' });
  }
  followRun(told('1', 'completed', null));
});

test('an agent that writes is at work, also where its run is not known', () => {
  const typing = { agentId: 'jim', channelId: 'general', parentMessageId: null };
  state.value = { ...state.value, typing: [typing] };
  assert.deepEqual(agentState('jim'), { state: 'working', words: 'Working in #general' });
  state.value = { ...state.value, typing: [] };
});

test('a budget that is used up is said while the agent is not at work', () => {
  unpaid.value = new Set(['jim']);
  assert.deepEqual(agentState('jim'), { state: 'unpaid', words: 'Out of budget' });
  assert.deepEqual(agentState('pam'), { state: 'idle', words: 'Idle' });
  unpaid.value = new Set(['*']);
  assert.deepEqual(agentState('pam'), { state: 'unpaid', words: 'Out of budget' });
  unpaid.value = new Set();
});
