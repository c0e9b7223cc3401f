import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import {
  answers,
  answersSoFar,
  forgetAnswers,
  settleAnswers,
  takeAnswers,
} from '../../src/bullpen/client/core/store/answers.js';

/** @import { AnswerEvent, LogEvent } from '../../src/bullpen/client/core/types.js' */

const place = { channelId: 'general', parentMessageId: null };
const one = { runId: 'r1', agentId: 'pam', ...place };

/** @param {number} offset @param {string} text @returns {AnswerEvent} */
const update = (offset, text) => updateAt('general', offset, text);
/** @param {string} channelId @param {number} offset @param {string} text @returns {AnswerEvent} */
const updateAt = (channelId, offset, text) => ({
  type: 'answer.updated',
  ...one,
  channelId,
  text: { offset, text },
});
const shown = () => Object.values(answers.value).map(({ text }) => text);

beforeEach(forgetAnswers);

test('parts are put together, and a part that is missing hides the text until it begins anew', () => {
  takeAnswers([update(0, 'Hi 🥐'), update(5, ' you')]);
  assert.deepEqual(shown(), ['Hi 🥐 you']);
  takeAnswers([update(20, 'lost')]);
  assert.deepEqual(shown(), []);
  takeAnswers([update(24, 'on')]);
  assert.deepEqual(shown(), []);
  takeAnswers([update(0, 'All of it')]);
  assert.deepEqual(shown(), ['All of it']);
});

test('thinking and the tool stay until they change', () => {
  takeAnswers([
    { type: 'answer.updated', ...one, thinking: { offset: 0, text: 'Hm' }, tool: 'search_messages' },
    update(0, 'Hi'),
  ]);
  assert.deepEqual(answers.value.r1, { ...one, text: 'Hi', thinking: 'Hm', tool: 'search_messages' });
  takeAnswers([{ type: 'answer.updated', ...one, tool: null }]);
  assert.equal(answers.value.r1?.tool, null);
});

test('the message that is sent takes the place of what was shown, elsewhere and by others it does not', () => {
  /** @param {object} changed @returns {LogEvent} */
  const sent = (changed) =>
    /** @type {any} */ ({ id: 1, type: 'message.created', ...place, message: { userId: 'pam' }, ...changed });
  takeAnswers([update(0, 'Hi')]);
  settleAnswers([sent({ channelId: 'random' }), sent({ parentMessageId: 'm1' })]);
  settleAnswers([sent({ message: { userId: 'jim' } })]);
  assert.deepEqual(shown(), ['Hi']);
  settleAnswers([sent({})]);
  assert.deepEqual(shown(), []);
});

test('the end of a run, of the answer and of the stream leave nothing', () => {
  /** @type {any} */
  const over = { id: 2, type: 'run.changed', run: { id: 'r1', status: 'cancelled' } };
  takeAnswers([update(0, 'Hi')]);
  settleAnswers([{ ...over, run: { id: 'r1', status: 'running' } }]);
  assert.deepEqual(shown(), ['Hi']);
  settleAnswers([over]);
  assert.deepEqual(shown(), []);
  takeAnswers([update(0, 'Hi'), { type: 'answer.ended', ...one }]);
  assert.deepEqual(shown(), []);
  takeAnswers([update(0, 'Hi'), { type: 'hello' }]);
  assert.deepEqual(shown(), []);
});

test('an answer that goes elsewhere begins there anew', () => {
  takeAnswers([update(0, 'Hi')]);
  takeAnswers([updateAt('random', 0, 'There'), { type: 'answer.ended', ...one }]);
  assert.deepEqual(answers.value.r1?.channelId, 'random');
});

test('a window that opens late is told what is there so far', () => {
  takeAnswers([update(0, 'Hi')]);
  const told = answersSoFar();
  forgetAnswers();
  takeAnswers(told);
  assert.deepEqual(answers.value.r1, { ...one, text: 'Hi', thinking: '', tool: null });
});
