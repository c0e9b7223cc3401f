import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pretendBrowser } from './browser.js';

const { storage, tell } = pretendBrowser();
const { keyOf, keysOf, locked, onOtherWindow, partsOf, readEntry, removeEntry, writeEntry } = await import(
  '../../src/bullpen/client/core/storage.js'
);
const { draftOf, drafts, followDraft, setDraft } = await import(
  '../../src/bullpen/client/composer/drafts.js'
);
const { keepWaiting, takeOldWaiting, waitingMessages } = await import(
  '../../src/bullpen/client/composer/outbox-storage.js'
);
const { dispatch } = await import('../../src/bullpen/client/core/store/store.js');

/** @param {string} userId */
const signIn = (userId) =>
  dispatch({ type: 'session', session: { userId, workspace: { name: 'Dunder Mifflin' } } });

const sales = { channelId: 'sales', parentMessageId: null };
const thread = { channelId: 'sales', parentMessageId: '4f2c' };

test('parts of a key may be any text', () => {
  for (const parts of [
    ['jim', 'a:b'],
    ['पिया', 'x/y%:'],
    ['', ''],
  ])
    assert.deepEqual(partsOf(keyOf('draft', ...parts)), parts);
  writeEntry(keyOf('test', 'a', 'b'), 1);
  writeEntry(keyOf('test', 'ab', 'c'), 2);
  assert.deepEqual(keysOf('test', 'a'), [keyOf('test', 'a', 'b')]);
  assert.equal(keysOf('test').length, 2);
});

test('an entry that cannot be kept lasts as long as the page', () => {
  const key = keyOf('test', 'full', 'one');
  storage.isFull = true;
  writeEntry(key, { text: 'long' });
  assert.deepEqual(readEntry(key), { text: 'long' });
  assert.deepEqual(keysOf('test', 'full'), [key]);
  assert.equal(storage.getItem(key), null);
  storage.isFull = false;
  writeEntry(key, { text: 'longer' });
  assert.equal(storage.getItem(key), '{"text":"longer"}');
  removeEntry(key);
  assert.equal(readEntry(key), null);
});

test('what is no JSON is nothing', () => {
  storage.setItem('bullpen:test:broken', '{"text":');
  assert.equal(readEntry('bullpen:test:broken'), null);
});

test('work under one lock is done one after the other, also after a failure', async () => {
  /** @type {string[]} */
  const order = [];
  const work = (/** @type {string} */ name, fails = false) =>
    locked('test', async () => {
      order.push(`${name} begins`);
      await Promise.resolve();
      order.push(`${name} ends`);
      if (fails) throw new Error(name);
    });
  await Promise.allSettled([work('one', true), work('two')]);
  assert.deepEqual(order, ['one begins', 'one ends', 'two begins', 'two ends']);
});

test('each draft is an entry of its own, and each user has their own', () => {
  signIn('michael');
  setDraft(sales, 'to sales');
  setDraft(thread, 'to a thread');
  signIn('jim');
  assert.equal(draftOf(sales), '');
  setDraft(sales, "Jim's");
  signIn('michael');
  assert.equal(draftOf(sales), 'to sales');
  assert.equal(draftOf(thread), 'to a thread');
  assert.deepEqual(keysOf('draft', 'michael').length, 2);
  setDraft(thread, '  \n');
  assert.deepEqual(keysOf('draft', 'michael'), [keyOf('draft', 'michael', 'sales')]);
});

test('what another window does to a draft is followed', () => {
  signIn('michael');
  setDraft(sales, 'mine');
  /** @type {string[]} */
  const seen = [];
  const stop = followDraft(sales, (text) => seen.push(text));
  const key = keyOf('draft', 'michael', 'sales');
  storage.setItem(key, '{"text":"theirs"}');
  tell(key);
  storage.removeItem(key);
  tell(key);
  tell(keyOf('draft', 'jim', 'sales'));
  stop();
  assert.deepEqual(seen, ['theirs', '']);
  assert.deepEqual(drafts.value, {});
});

test('drafts of the old form are taken over once, and never over newer ones', () => {
  const old = {
    general: { channelId: 'general', text: 'old' },
    '4f2c': { channelId: 'sales', text: 'reply' },
  };
  storage.setItem('bullpen.drafts.pam', JSON.stringify(old));
  writeEntry(keyOf('draft', 'pam', 'general'), { text: 'newer' });
  signIn('pam');
  assert.equal(draftOf({ channelId: 'general', parentMessageId: null }), 'newer');
  assert.equal(draftOf(thread), 'reply');
  assert.equal(storage.getItem('bullpen.drafts.pam'), null);
});

test('waiting messages of all windows are there, in the order of their ids', () => {
  const message = (/** @type {string} */ id, userId = 'michael') => ({
    id,
    userId,
    ...sales,
    text: id,
    timestamp: '2026-01-05T09:00:00Z',
    status: /** @type {const} */ ('sending'),
    error: '',
  });
  keepWaiting(message('02'));
  keepWaiting(message('01', 'jim'));
  storage.setItem(
    'bullpen.outbox.michael',
    JSON.stringify([message('00'), { ...message('02'), text: 'older' }]),
  );
  takeOldWaiting('michael');
  assert.deepEqual(
    waitingMessages().map(({ id }) => id),
    ['00', '01', '02'],
  );
  assert.deepEqual(
    waitingMessages('michael').map(({ text }) => text),
    ['00', '02'],
  );
  assert.equal(storage.getItem('bullpen.outbox.michael'), null);
});

test('a listener that has stopped hears nothing', () => {
  let heard = 0;
  const stop = onOtherWindow(() => {
    heard += 1;
  });
  tell(null);
  stop();
  tell(null);
  assert.equal(heard, 1);
});
