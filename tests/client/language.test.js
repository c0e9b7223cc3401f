// Texts in the reader's language: filled, in the right plural, with elements in the order of the translation.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { language, locale, plural, sentence, speaker, t } from '../../src/bullpen/client/core/language.js';

const german = speaker('de', {
  'Message {name}': 'Nachricht an {name}',
  Archive: 'Archiv',
  'Archive | verb': 'Archivieren',
  '{count} reply': { one: '{count} Antwort', other: '{count} Antworten' },
});
const polish = speaker('pl', {
  '{count} reply': {
    one: '{count} odpowiedź',
    few: '{count} odpowiedzi',
    many: '{count} odpowiedzi.',
    other: '',
  },
});

test('without a document the language is English, and each text says itself', () => {
  assert.equal(language, 'en');
  assert.equal(locale, 'en-US');
  assert.equal(t('Message {name}', { name: 'Pam' }), 'Message Pam');
  assert.equal(plural(1, '{count} reply', '{count} replies'), '1 reply');
  assert.equal(plural(0, '{count} reply', '{count} replies'), '0 replies');
});

test('a text is translated by its English, and by its context where one word is two', () => {
  assert.equal(german.t('Message {name}', { name: 'Pam' }), 'Nachricht an Pam');
  assert.equal(german.t('Archive'), 'Archiv');
  assert.equal(german.t('Archive', {}, 'verb'), 'Archivieren');
});

test('what the catalog lacks stays English, also what objects have by themselves', () => {
  assert.equal(german.t('Unheard of'), 'Unheard of');
  assert.equal(german.t('constructor'), 'constructor');
  assert.equal(german.plural(2, '{count} day', '{count} days'), '2 days');
});

test('a plural has the forms of its language, and a count may be written otherwise', () => {
  assert.equal(german.plural(1, '{count} reply', '{count} replies'), '1 Antwort');
  assert.equal(
    german.plural(1200, '{count} reply', '{count} replies', { count: '1.200' }),
    '1.200 Antworten',
  );
  assert.equal(polish.plural(3, '{count} reply', '{count} replies'), '3 odpowiedzi');
  assert.equal(polish.plural(5, '{count} reply', '{count} replies'), '5 odpowiedzi.');
});

test('what somebody has written is never read as a placeholder, and nothing is said for nothing', () => {
  assert.equal(german.t('Message {name}', { name: '{name} $& </b>' }), 'Nachricht an {name} $& </b>');
  assert.equal(german.t('Message {name}', { name: undefined }), 'Nachricht an ');
  assert.deepEqual(sentence('{a} and {b}', { a: '{b}', b: 2 }), ['{b}', ' and ', 2]);
});

test('elements stand where the translation has them', () => {
  const strong = (/** @type {unknown} */ words) => ({ strong: words });
  assert.deepEqual(sentence('<strong>{name} left</strong> at {time}.', { strong, name: 'Pam', time: '9' }), [
    { strong: ['Pam', ' left'] },
    ' at ',
    '9',
    '.',
  ]);
  assert.deepEqual(sentence('No <unknown>part</unknown> {here}', {}), ['No <unknown>part</unknown> {here}']);
});
