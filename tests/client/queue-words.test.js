import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queueWords } from '../../src/bullpen/client/messages/queue-words.js';

test('the queue reads as a sentence for one, two and many', () => {
  assert.equal(queueWords([], 0), '');
  assert.equal(queueWords(['Jim'], 0), 'Jim is typing…');
  assert.equal(queueWords(['Jim'], 1), 'Jim is writing, 1 more after them');
  assert.equal(queueWords(['Jim'], 4), 'Jim is writing, 4 more after them');
  assert.equal(queueWords(['Jim', 'Pam'], 4), 'Jim and Pam are writing, 4 more after them');
  assert.equal(
    queueWords(['Jim', 'Pam', 'Kevin', 'Toby'], 12),
    'Several people are writing, 12 more after them',
  );
});

test('while nobody writes yet, those who wait are counted', () => {
  assert.equal(queueWords([], 1), '1 answer is waiting');
  assert.equal(queueWords([], 2), '2 answers are waiting');
});
