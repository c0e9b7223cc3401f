import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageOf } from '../../src/bullpen/client/core/http.js';
import { describe } from '../../src/bullpen/client/core/refusals.js';

test('a refusal of fields says what is wrong with each, once', () => {
  const details = [
    { loc: ['body', 'name'], msg: 'Enter some text.' },
    { loc: ['body', 'topic'], msg: 'Enter at most 250 characters.' },
    { loc: ['body', 'id'], msg: 'Enter some text.' },
  ];
  assert.equal(
    messageOf({ error: 'Validation failed', code: 'validation_failed', details }),
    'Enter some text. Enter at most 250 characters.',
  );
});

test('any other refusal is said as the server says it', () => {
  const code = 'validation_failed';
  assert.equal(messageOf({ error: 'Channel not found.', code: 'channel_not_found' }), 'Channel not found.');
  assert.equal(messageOf({ error: 'Taken', code: 'name_taken', details: [{ msg: 'Not this.' }] }), 'Taken');
  assert.equal(messageOf({ error: 'Away: later.' }), 'Away: later.');
  assert.equal(messageOf({ error: 'Validation failed', code, details: 'odd' }), 'Validation failed');
  assert.equal(messageOf({ error: 'Validation failed: too long a search.', code }), 'Too long a search.');
  assert.equal(messageOf(null), undefined);
});

test('a notice ends in one period, whether the answer has one or not', () => {
  for (const message of ['Join it first.', 'Join it first']) {
    assert.equal(describe({ status: 403, message }).text, 'Bullpen answered: Join it first.');
  }
  assert.equal(describe({ status: 500, message: '' }).text, 'Bullpen answered: error 500.');
});
