// What was begun and not sent, by channel and by thread, kept in this browser for each user: one entry a draft.
import { computed, effect, signal } from '@preact/signals';
import {
  keyOf,
  keysOf,
  onOtherWindow,
  partsOf,
  readEntry,
  removeEntry,
  writeEntry,
} from '../core/storage.js';
import { session } from '../core/store/store.js';

/** @import { Place, SentFile } from '../core/types.js' */

/** @typedef {{ text: string, files?: SentFile[], alsoInChannel?: boolean }} Written alsoInChannel: a reply is also to be sent to the channel */
/** @typedef {Place & Written} Draft */

const name = 'draft';

/** By thread, or by channel. @type {import('@preact/signals').Signal<Record<string, Draft>>} */
export const drafts = signal({});

/** @type {Set<(changed: Record<string, Draft>) => void>} */
const followers = new Set();

const me = computed(() => session.value?.userId);
effect(() => {
  if (me.value !== undefined) takeOldForm(me.value);
  drafts.value = me.value === undefined ? {} : keptDrafts(me.value);
});

onOtherWindow((key) => {
  const userId = me.peek();
  if (userId === undefined || (key !== null && !key.startsWith(`${keyOf(name, userId)}:`))) return;
  drafts.value = keptDrafts(userId);
  for (const follow of followers) follow(drafts.peek());
});

/** @param {Place} place */
const nameOf = ({ channelId, parentMessageId }) => parentMessageId ?? channelId;

/** @param {string} userId @param {Place} place */
const keyOfDraft = (userId, { channelId, parentMessageId }) =>
  keyOf(name, userId, channelId, ...(parentMessageId === null ? [] : [parentMessageId]));

/** @param {string} userId @returns {Record<string, Draft>} */
function keptDrafts(userId) {
  return Object.fromEntries(
    keysOf(name, userId).flatMap((key) => {
      const [, channelId = '', parentMessageId = null] = partsOf(key);
      const { text, files, alsoInChannel } = readEntry(key) ?? {};
      const place = { channelId, parentMessageId };
      const kept = entryOf({
        text,
        files: Array.isArray(files) ? files : [],
        alsoInChannel: alsoInChannel === true,
      });
      return typeof text === 'string' ? [[nameOf(place), { ...place, ...kept }]] : [];
    }),
  );
}

/** All drafts of a user were one entry once, which windows wrote over each other's. @param {string} userId */
function takeOldForm(userId) {
  const old = `bullpen.drafts.${userId}`;
  const all = readEntry(old);
  if (all === null || typeof all !== 'object') return;
  for (const [id, { channelId, text }] of Object.entries(all)) {
    const key = keyOfDraft(userId, { channelId, parentMessageId: id === channelId ? null : id });
    if (typeof text === 'string' && readEntry(key) === null) writeEntry(key, { text });
  }
  removeEntry(old);
}

/** @param {Place} place */
export function draftOf(place) {
  return drafts.peek()[nameOf(place)]?.text ?? '';
}

/** @type {SentFile[]} */
const noFiles = [];

/** Those that were uploaded for the draft. @param {Place} place */
export const filesOfDraft = (place) => drafts.value[nameOf(place)]?.files ?? noFiles;

/** Whether the reply is also to be sent to the channel. @param {Place} place */
export const isAlsoInChannel = (place) => drafts.value[nameOf(place)]?.alsoInChannel ?? false;

/** Whether there is something to send. @param {Written} draft */
export const isBegun = ({ text, files = [] }) => text.trim() !== '' || files.length > 0;

/** @param {Place} place @param {string} text */
export const setDraft = (place, text) => keepDraft(place, { text });

/** @param {Place} place @param {SentFile[]} files */
export const setDraftFiles = (place, files) => keepDraft(place, { files });

/** @param {Place} place @param {boolean} alsoInChannel */
export const setAlsoInChannel = (place, alsoInChannel) => keepDraft(place, { alsoInChannel });

/** What was sent is no draft any more. @param {Place} place */
export const dropDraft = (place) => keepDraft(place, { text: '', files: [], alsoInChannel: false });

/** What is not there is not kept. @param {Written} draft @returns {Written} */
function entryOf({ text, files = [], alsoInChannel }) {
  return { text, ...(files.length > 0 && { files }), ...(alsoInChannel && { alsoInChannel }) };
}

/** @param {Place} place @param {Partial<Written>} change */
function keepDraft(place, change) {
  const { [nameOf(place)]: before, ...others } = drafts.peek();
  const entry = entryOf({ text: '', ...before, ...change });
  const empty = !isBegun(entry) && !entry.alsoInChannel;
  drafts.value = empty ? others : { ...others, [nameOf(place)]: { ...place, ...entry } };
  const userId = me.peek();
  if (userId === undefined) return;
  if (empty) removeEntry(keyOfDraft(userId, place));
  else writeEntry(keyOfDraft(userId, place), entry);
}

/** Adds to what is written at a place, also where its composer is open. @param {Place} place @param {string} more */
export function addToDraft(place, more) {
  const before = draftOf(place).trimEnd();
  setDraft(place, before === '' ? more : `${before}\n\n${more}`);
  for (const follow of followers) follow(drafts.peek());
}

/** As `dropDraft`, also where its composer is open. @param {Place} place */
export function clearDraft(place) {
  dropDraft(place);
  for (const follow of followers) follow(drafts.peek());
}

/** What another window makes of the draft of a place, also when it sends it. @param {Place} place @param {(text: string) => void} take @returns {() => void} stops */
export function followDraft(place, take) {
  const follow = (/** @type {Record<string, Draft>} */ all) => take(all[nameOf(place)]?.text ?? '');
  followers.add(follow);
  return () => followers.delete(follow);
}
