import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setupNote, standInNote } from '../../src/bullpen/client/settings/fallback-note.js';

/** @param {string[]} missing @param {string} [answersBy] */
const note = (missing, answersBy = 'scripted') =>
  standInNote({ modelId: 'openai:x', answersBy, isOwn: false, missing });

test('the note names the fallback and what it waits for', () => {
  assert.equal(note(['set OPENAI_API_KEY']), 'Using the script until OPENAI_API_KEY is set.');
  assert.equal(
    note(['install the package: pip install "bullpen[openai]"', 'set OPENAI_API_KEY'], 'mistral:small'),
    'Using mistral:small until its package is installed (pip install "bullpen[openai]") and OPENAI_API_KEY is set.',
  );
  assert.equal(note(['no such model']), 'Using the script: no such model.');
});

test('a model that answers itself has no note', () => {
  assert.equal(standInNote({ modelId: 'x', answersBy: 'x', isOwn: true, missing: [] }), '');
  assert.equal(standInNote(undefined), '');
});

test('what is missing is a sentence that says what to do', () => {
  assert.equal(setupNote(['set OPENAI_API_KEY']), 'Set OPENAI_API_KEY to use it.');
  assert.equal(
    setupNote(["install the package: pip install 'bullpen[openai]'", 'set OPENAI_API_KEY']),
    "Run pip install 'bullpen[openai]' and set OPENAI_API_KEY to use it.",
  );
});
