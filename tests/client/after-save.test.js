import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signal } from '@preact/signals';

const { draftAfterSave, fieldsAfterSave, settle } = await import('../../src/bullpen/client/ui/after-save.js');

test('a field shows what was saved, unless somebody has typed since', () => {
  const field = signal(' Sabre ');
  settle(field, ' Sabre ', 'Sabre');
  assert.equal(field.value, 'Sabre');
  field.value = 'Sabre of Tallahassee';
  settle(field, 'Sabre', 'Sabre');
  assert.equal(field.value, 'Sabre of Tallahassee');
});

test('a draft ends with its save, and stays whole where it has changed meanwhile', () => {
  const sent = { label: 'notes', content: 'Paper' };
  assert.equal(draftAfterSave(sent)({ ...sent }), undefined);
  assert.equal(draftAfterSave(undefined)(undefined), undefined);
  const later = { label: 'notes', content: 'Paper and ink' };
  assert.equal(draftAfterSave(sent)(later), later);
});

test('of a draft of changed fields, those stay that differ from what was sent', () => {
  /** @type {Record<string, string>} */
  const sent = { title: 'Manager', maxTurns: '5' };
  assert.equal(fieldsAfterSave(sent)({ ...sent }), undefined);
  assert.equal(fieldsAfterSave(sent)(undefined), undefined);
  assert.deepEqual(fieldsAfterSave(sent)({ title: 'Manager', maxTurns: '50', displayName: 'Jim' }), {
    maxTurns: '50',
    displayName: 'Jim',
  });
});
