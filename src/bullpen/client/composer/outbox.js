// Sends what was written, one after the other and in order: what waits for a connection is sent when there is one. All
// windows of the browser share what waits, and one at a time sends; the ids are the client's own, so that a message that
// is sent again is stored once.

import { batch, computed, effect, untracked } from '@preact/signals';
import { ApiError } from '../core/http.js';
import { leavingEntries } from '../core/leaving-entries.js';
import { isTeam } from '../core/mode.js';
import { connection } from '../core/realtime/connection.js';
import { isAway, reasonOf } from '../core/refusals.js';
import { locked, onOtherWindow, partsOf, readEntry } from '../core/storage.js';
import { onEvent } from '../core/store/event-bus.js';
import { dispatch, session } from '../core/store/store.js';
import { sendEdits } from '../messages/edit-outbox.js';
import { pending } from '../messages/pending.js';
import { postMessage } from '../messages/requests.js';
import {
  changeWaiting,
  dropWaiting,
  isWaitingKey,
  keepWaiting,
  takeOldWaiting,
  waitingMessages,
} from './outbox-storage.js';

/** @import { Message, Pending, Place, SentFile } from '../core/types.js' */

const again = 5_000;
// A window that did not try itself leaves it to the one that did, for a while.
const othersAgain = 20_000;
const longestAnswer = 30_000;

let busy = false;
let more = false;
let timer = 0;
/** @type {AbortController | null} */
let current = null;

export function startOutbox() {
  const me = computed(() => session.value?.userId);
  effect(() => {
    const userId = me.value;
    if (userId === undefined) return;
    takeOldWaiting(userId);
    untracked(() => {
      show();
      flush();
    });
  });
  effect(() => {
    if (connection.value === 'live') untracked(flush);
  });
  onOtherWindow((key) => {
    if (!isWaitingKey(key)) return;
    if (key !== null && readEntry(key) === null) {
      const id = partsOf(key)[1];
      const one = pending.peek().find((one) => one.id === id && one.status !== 'failed');
      if (one) leaving.keep(one.id, one);
    }
    show();
    if (pending.peek().some((one) => one.status === 'waiting')) tryLater(othersAgain);
  });
  onEvent((event) => {
    if (event.type === 'message.created') settle(event.message.id);
  });
  // Asleep, it would keep all others from sending.
  document.addEventListener('freeze', () => current?.abort());
}

/** @type {ReturnType<typeof leavingEntries<Pending>>} */
const leaving = leavingEntries(show);

function show() {
  const userId = session.peek()?.userId;
  const kept = userId === undefined ? [] : waitingMessages(userId);
  const left = leaving.besides(new Set(kept.map(({ id }) => id))).filter((one) => one.userId === userId);
  pending.value = [...kept, ...left].sort((a, b) => Number(a.id > b.id) - Number(a.id < b.id));
}

/** @param {Place} place @param {string} text @param {SentFile[]} [files] @param {boolean} [alsoInChannel] */
export function post({ channelId, parentMessageId }, text, files = [], alsoInChannel = false) {
  const userId = session.peek()?.userId;
  if (userId === undefined) return;
  const timestamp = new Date().toISOString();
  keepWaiting({
    id: newId(),
    channelId,
    parentMessageId,
    userId,
    text,
    ...(files.length > 0 && { files }),
    ...(alsoInChannel && { alsoInChannel }),
    timestamp,
    status: 'sending',
    error: '',
  });
  show();
  flush();
}

/** @param {string} id */
export function tryAgain(id) {
  const one = pending.peek().find((one) => one.id === id);
  if (one) changeWaiting(one, { status: 'sending', error: '' });
  show();
  flush();
}

/** It was sent, or is not wanted any more. @param {string} id */
export function settle(id) {
  const one = pending.peek().find((one) => one.id === id);
  if (!one) return;
  leaving.drop(id);
  dropWaiting(one);
  show();
}

/** @param {number} time */
function tryLater(time) {
  clearTimeout(timer);
  timer = window.setTimeout(flush, time * (0.8 + 0.4 * Math.random()));
}

/** Sends all that waits. Without sign-in also what was written as other members: as the one who wrote it. */
export async function flush() {
  clearTimeout(timer);
  more = true;
  if (busy) return;
  busy = true;
  try {
    while (more) {
      more = false;
      const sentAll = await locked(
        'bullpen.outbox',
        async () => (await sendMessages()) && (await sendEdits(attempt, sender())),
      );
      if (!sentAll) tryLater(again);
    }
  } finally {
    busy = false;
  }
}

/** Whose messages this window sends; undefined: everybody's. What another account wrote waits until it signs in. */
const sender = () => (isTeam ? (session.peek()?.userId ?? '') : undefined);

/** @returns {Promise<boolean>} whether nothing waits for a connection */
async function sendMessages() {
  for (;;) {
    const next = waitingMessages(sender()).find((one) => one.status !== 'failed');
    if (!next) return true;
    if (!(await sent(next))) return false;
  }
}

/**
 * One request, which ends in time: others wait for it.
 * @template T @param {(signal: AbortSignal) => Promise<T>} send @returns {Promise<T>}
 */
async function attempt(send) {
  const controller = new AbortController();
  current = controller;
  const limit = setTimeout(() => controller.abort(), longestAnswer);
  try {
    return await send(controller.signal);
  } finally {
    clearTimeout(limit);
    current = null;
  }
}

/** @param {Pending} next @returns {Promise<boolean>} whether the next one may be tried */
async function sent(next) {
  const { channelId, parentMessageId } = next;
  try {
    const message = await attempt((signal) => postMessage(next, signal));
    batch(() => {
      if (session.peek()?.userId === next.userId)
        dispatch({
          type: 'message.sent',
          message: parentMessageId === null ? message : asReply(message, parentMessageId),
          channelId,
          parentMessageId,
        });
      dropWaiting(next);
      show();
    });
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (!isAway(error)) {
      changeWaiting(next, { status: 'failed', error: `${reasonOf(error)}.` });
      show();
      return true;
    }
    for (const one of waitingMessages(sender()))
      if (one.status === 'sending') changeWaiting(one, { status: 'waiting' });
    show();
    return false;
  }
}

/** @param {Message} message @param {string} parentMessageId */
function asReply({ id, userId, text, timestamp, reactions, files, repliedTo }, parentMessageId) {
  const reply = { id, parentMessageId, userId, text, timestamp, reactions };
  return { ...reply, ...(files && { files }), ...(repliedTo && { repliedTo }) };
}

let lastTime = 0;

/**
 * A UUID of version 7, after those that this window made before: messages are sent in the order of their ids.
 * crypto.randomUUID is only there over HTTPS and on this machine.
 */
export function newId() {
  lastTime = Math.max(Date.now(), lastTime + 1);
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const time = lastTime.toString(16).padStart(12, '0');
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const variant = '89ab'[(bytes[8] ?? 0) % 4];
  const parts = [time.slice(0, 8), time.slice(8), `7${hex.slice(13, 16)}`, variant + hex.slice(17, 20)];
  return [...parts, hex.slice(20)].join('-');
}
