// The open stream: what others do is applied to the store as it comes, and after a cut from where it was.
import { effect, untracked } from '@preact/signals';
import { actorChanges, loadAgain, loadCursors, loadName, oldestAnswer } from '../app/loading.js';
import { dispatch, state } from '../app/store.js';
import { connection } from './connection.js';
import { reader } from './frames.js';
import { lastOf } from './log.js';
import { tell } from './news.js';

/** @import { LogEvent } from '../app/types.js' */

// Three heartbeats of the server that did not come.
const longestSilence = 45_000;
const longestTyping = 120_000;
const firstWait = 500;
const longestWait = 15_000;

/** The newest number that was heard of; heartbeats tell it, too. */
let position = 0;
let failures = 0;
/** @type {AbortController | null} */
let current = null;
/** Whether the stream was ended to open another. */
let replaced = false;
/** Ends a wait before the next attempt. */
let hurry = () => {};

export function startStream() {
  effect(() => {
    actorChanges.value;
    untracked(() => {
      replaced = true;
      current?.abort();
    });
  });
  addEventListener('online', tryNow);
  addEventListener('offline', () => {
    connection.value = 'lost';
    current?.abort();
  });
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && hurry());
  run();
}

export function tryNow() {
  failures = 0;
  hurry();
}

async function run() {
  for (;;) {
    await loaded();
    if (state.peek().kept === null) begin();
    replaced = false;
    current = new AbortController();
    const heard = await listen(current);
    failures = heard || replaced ? 0 : failures + 1;
    if (failures > 0 || !navigator.onLine) connection.value = 'lost';
    if (!replaced) await wait();
  }
}

function begin() {
  position = oldestAnswer() ?? 0;
  dispatch({ type: 'stream.began', after: position });
  loadCursors().catch(() => {});
}

/** There is something to keep up to date. @returns {Promise<void>} */
function loaded() {
  return new Promise((done) => {
    const stop = effect(() => {
      const { loads, counted, channels } = state.value;
      if (loadName.workspace in loads || counted === null || !channels) return;
      queueMicrotask(() => stop());
      done();
    });
  });
}

/** @param {AbortController} controller @returns {Promise<boolean>} whether it said anything */
async function listen(controller) {
  let silence = 0;
  const heardSomething = () => {
    clearTimeout(silence);
    silence = window.setTimeout(() => controller.abort(new Error('silence')), longestSilence);
  };
  heardSomething();
  let heard = false;
  try {
    const answer = await fetch(`/api/sse?lastEventId=${position}`, { signal: controller.signal });
    if (!answer.ok || !answer.body) return false;
    const frames = reader();
    const text = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await text.read();
      if (done || controller.signal.aborted) return heard;
      heardSomething();
      heard = true;
      connection.value = 'live';
      if (take(frames(value)) === 'reset') {
        await loadAgain();
        return heard;
      }
    }
  } catch {
    return heard;
  } finally {
    clearTimeout(silence);
    controller.abort();
  }
}

/** @param {import('./frames.js').Frame[]} frames */
function take(frames) {
  /** @type {LogEvent[]} */
  const events = [];
  for (const { id, data } of frames) {
    if (data === null || id === null) {
      position = Math.max(position, id ?? 0);
      continue;
    }
    const event = { ...JSON.parse(data), id };
    if (event.type === 'reset') return 'reset';
    position = Math.max(position, id);
    if (event.type !== 'hello') events.push(event);
  }
  if (events.length > 0) {
    dispatch({ type: 'stream.told', events });
    tell(events);
    for (const event of events) if (event.type === 'agent.typing') forgetTyping(event);
  }
  return 'on';
}

/** Whoever was stopped while typing may never say that they are done. @param {Extract<LogEvent, { type: 'agent.typing' | 'agent.done' }>} event */
function forgetTyping(event) {
  const { agentId, channelId, parentMessageId } = event;
  setTimeout(() => {
    const { kept } = state.peek();
    const again = kept?.events.some(
      (other) =>
        other.id > event.id &&
        other.type === 'agent.typing' &&
        other.agentId === agentId &&
        other.channelId === channelId &&
        other.parentMessageId === parentMessageId,
    );
    if (kept && !again) dispatch({ type: 'typing.ended', agentId, channelId, parentMessageId });
  }, longestTyping);
}

/** Longer with every failure, and not the same for everybody. @returns {Promise<void>} */
function wait() {
  const most = Math.min(longestWait, firstWait * 2 ** Math.max(0, failures - 1));
  const time = failures === 0 ? firstWait * Math.random() : most * (0.5 + Math.random() / 2);
  return new Promise((done) => {
    const timer = setTimeout(done, time);
    hurry = () => {
      clearTimeout(timer);
      done();
    };
  });
}

/** The number from which a stream would go on. */
export function reached() {
  const { kept } = state.peek();
  return kept ? Math.max(position, lastOf(kept)) : position;
}
