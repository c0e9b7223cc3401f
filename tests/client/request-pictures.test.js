import assert from 'node:assert/strict';
import { test } from 'node:test';
import { picturesOf } from '../../src/bullpen/client/run/request-pictures.js';

const path = '/api/files/0195d0d0-0000-7000-8000-000000000001/thumbnail';
const picture = { kind: 'image-url', url: path };

test('a request shows its pictures once, and no address but those of thumbnails', () => {
  const content = [
    'Picture 1:',
    picture,
    picture,
    { kind: 'image-url', url: 'https://elsewhere.example/pixel.png' },
    { kind: 'image-url', url: `${path}/../../../session` },
    { kind: 'other', url: path },
  ];
  assert.deepEqual(picturesOf({ messages: [{ parts: [{ content }] }] }), [path]);
});

test('a request without pictures has none', () => {
  for (const request of [{}, { asked: 1 }, { messages: [{}, { parts: [{ content: path }, {}] }] }]) {
    assert.deepEqual(picturesOf(request), []);
  }
});
