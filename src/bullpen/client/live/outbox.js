// Sends what was written, one after the other and in order: what waits for a connection is sent when there is one.
import { batch, computed, effect, untracked } from '@preact/signals';
import { ApiError } from '../app/api.js';
import { keep, kept } from '../app/drafts.js';
import { pending } from '../app/pending.js';
import { dispatch, session } from '../app/store.js';
import { connection } from './connection.js';
import { onNews } from './news.js';
import { postMessage } from './requests.js';

/** @import { Message, Pending, Place } from '../app/types.js' */

const again = 5_000;
const away = new Set([0, 502, 503, 504]);

let busy = false;
let timer = 0;

/** @param {string} userId */
const nameOf = (userId) => `bullpen.outbox.${userId}`;

export function startOutbox() {
  const me = computed(() => session.value?.userId);
  effect(() => {
    const userId = me.value;
    if (userId === undefined) return;
    const left = kept(nameOf(userId));
    untracked(() => {
      pending.value = Array.isArray(left) ? left : [];
      retryWaiting();
    });
  });
  effect(() => {
    if (connection.value === 'live') untracked(retryWaiting);
  });
  onNews((event) => {
    if (event.type === 'message.created') settle(event.message.id);
  });
}

/** @param {Place} place @param {string} text */
export function post({ channelId, parentMessageId }, text) {
  const userId = session.peek()?.userId;
  if (userId === undefined) return;
  const timestamp = new Date().toISOString();
  const id = newId();
  change([
    ...pending.peek(),
    { id, channelId, parentMessageId, userId, text, timestamp, status: 'sending', error: '' },
  ]);
  flush();
}

/** @param {string} id */
export function tryAgain(id) {
  patch(id, { status: 'sending', error: '' });
  flush();
}

/** @param {string} id */
export function settle(id) {
  if (pending.peek().some((one) => one.id === id)) change(pending.peek().filter((one) => one.id !== id));
}

function retryWaiting() {
  clearTimeout(timer);
  change(pending.peek().map((one) => (one.status === 'waiting' ? { ...one, status: 'sending' } : one)));
  flush();
}

async function flush() {
  if (busy) return;
  busy = true;
  try {
    for (;;) {
      const userId = session.peek()?.userId;
      const next = pending.peek().find((one) => one.status === 'sending' && one.userId === userId);
      if (!next || !(await sent(next))) return;
    }
  } finally {
    busy = false;
  }
}

/** @param {Pending} next @returns {Promise<boolean>} whether the next one may be tried */
async function sent(next) {
  const { id, channelId, parentMessageId } = next;
  try {
    const message = await postMessage(next);
    batch(() => {
      if (session.peek()?.userId === next.userId)
        dispatch({
          type: 'message.sent',
          message: parentMessageId === null ? message : asReply(message, parentMessageId),
          channelId,
          parentMessageId,
        });
      settle(id);
    });
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (!away.has(error.status)) {
      patch(id, { status: 'failed', error: reason(error) });
      return true;
    }
    change(pending.peek().map((one) => (one.status === 'sending' ? { ...one, status: 'waiting' } : one)));
    clearTimeout(timer);
    timer = window.setTimeout(retryWaiting, again);
    return false;
  }
}

/** @param {ApiError} error */
function reason(error) {
  if (error.status === 404) return 'It is not there any more.';
  const [detail] = Array.isArray(error.details) ? error.details : [];
  return detail?.msg ? `${error.message}: ${detail.msg}.` : error.message;
}

/** @param {Message} message @param {string} parentMessageId */
function asReply({ id, userId, text, timestamp, reactions }, parentMessageId) {
  return { id, parentMessageId, userId, text, timestamp, reactions };
}

/** @param {string} id @param {Partial<Pending>} values */
function patch(id, values) {
  change(pending.peek().map((one) => (one.id === id ? { ...one, ...values } : one)));
}

/** @param {Pending[]} next */
function change(next) {
  pending.value = next;
  const userId = session.peek()?.userId;
  if (userId !== undefined)
    keep(
      nameOf(userId),
      next.filter((one) => one.userId === userId),
    );
}

/** A UUID of version 7; crypto.randomUUID is only there over HTTPS and on this machine. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const time = Date.now().toString(16).padStart(12, '0');
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const variant = '89ab'[(bytes[8] ?? 0) % 4];
  const parts = [time.slice(0, 8), time.slice(8), `7${hex.slice(13, 16)}`, variant + hex.slice(17, 20)];
  return [...parts, hex.slice(20)].join('-');
}
