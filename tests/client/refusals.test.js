import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageOf } from '../../src/bullpen/client/core/api.js';

test('a refusal of fields says what is wrong with each, once', () => {
  const details = [
    { loc: ['body', 'name'], msg: 'Enter some text.' },
    { loc: ['body', 'topic'], msg: 'Enter at most 250 characters.' },
    { loc: ['body', 'id'], msg: 'Enter some text.' },
  ];
  assert.equal(
    messageOf({ error: 'Validation failed', details }),
    'Enter some text. Enter at most 250 characters.',
  );
});

test('any other refusal is said as the server says it', () => {
  assert.equal(messageOf({ error: 'No such channel' }), 'No such channel');
  assert.equal(messageOf({ error: 'Taken', details: [{ msg: 'Not this.' }] }), 'Taken');
  assert.equal(messageOf({ error: 'Validation failed', details: 'odd' }), 'Validation failed');
  assert.equal(messageOf({ error: 'Validation failed: too long a search.' }), 'Too long a search.');
  assert.equal(messageOf(null), undefined);
});
