// The open stream: what others do is applied to the store as it comes, and after a cut from where it was. One window
// of those that show a member holds it, and shares it (sharing.js).
import { batch, computed, effect, untracked } from '@preact/signals';
import { refusal } from '../acting.js';
import { openStream } from '../http.js';
import {
  actorChanges,
  loadAgain,
  loadCursors,
  loadName,
  loadSaved,
  loadScheduled,
  loadUserGroups,
  oldestAnswer,
} from '../loading.js';
import { outageIsOver } from '../outage.js';
import { answersSoFar, forgetAnswers, settleAnswers, takeAnswers } from '../store/answers.js';
import { publish } from '../store/event-bus.js';
import { dispatch, session, state } from '../store/store.js';
import { connection } from './connection.js';
import { reader } from './frames.js';
import { Share } from './sharing.js';
import { holdInTurn } from './stream-lock.js';
import { inTurn } from './stream-turns.js';

/** @import { AnswerEvent, LogEvent } from '../types.js' */
/** @import { Word } from './sharing.js' */
/** @import { Turn } from './stream-turns.js' */

// Three heartbeats of the server that did not come.
const longestSilence = 45_000;
const longestTyping = 120_000;
const firstWait = 500;
const longestWait = 15_000;

let failures = 0;
/** @type {AbortController | null} */
let current = null;
/** Whether the stream was ended to open another, of this window's or of another member. */
let replaced = false;
/** Ends a wait before the next attempt. */
let hurry = () => {};
/** @type {BroadcastChannel | null} */
let channel = null;
let silence = 0;
let stealing = () => {};

const share = new Share({
  say: (word) => channel?.postMessage(word),
  takeIn,
  takeAnswers,
  answersSoFar,
  keptAfter: (position) => {
    const { kept } = state.peek();
    return kept && kept.after <= position ? kept.events.filter((event) => event.id > position) : null;
  },
  begun: () => state.peek().kept !== null,
  startAgain: () => void loadAgain(),
  connected: (live) => {
    connection.value = live && navigator.onLine ? 'live' : 'lost';
    if (!live) forgetAnswers();
  },
  hurry: () => hurry(),
  heard: watchHolder,
});

export function startStream() {
  const me = computed(() => session.value?.userId);
  effect(() => {
    const userId = me.value;
    if (userId === undefined) return;
    const over = new AbortController();
    untracked(() => showMember(userId, over.signal));
    return () => over.abort();
  });
  effect(() => {
    actorChanges.value;
    untracked(() => {
      replaced = true;
      current?.abort();
    });
  });
  effect(() => {
    const { loads, counted, channels, kept } = state.value;
    if (kept === null && !(loadName.workspace in loads) && counted !== null && channels)
      untracked(() => queueMicrotask(begin));
  });
  effect(() => {
    if (connection.value === 'live') untracked(outageIsOver);
  });
  addEventListener('online', tryNow);
  addEventListener('offline', () => {
    connection.value = 'lost';
    current?.abort();
  });
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && hurry());
}

/** @param {string} userId @param {AbortSignal} over */
function showMember(userId, over) {
  forgetAnswers();
  const name = `bullpen.stream:${encodeURIComponent(userId)}`;
  // Where windows cannot agree on one of them, each has a stream of its own.
  const words = navigator.locks ? new BroadcastChannel(name) : null;
  channel = words;
  if (words) words.onmessage = ({ data }) => share.hear(/** @type {Word} */ (data));
  const { steal } = holdInTurn(name, over, async (leaving) => {
    share.hold(true);
    clearTimeout(silence);
    await follow(userId, leaving);
    share.hold(false);
    watchHolder();
  });
  stealing = steal;
  watchHolder();
  over.addEventListener('abort', () => {
    words?.close();
    clearTimeout(silence);
  });
}

/** The window that holds the stream passes every heartbeat on, unless it is asleep or stuck. */
function watchHolder() {
  clearTimeout(silence);
  if (share.holds) return;
  silence = window.setTimeout(() => {
    if (document.visibilityState === 'visible') stealing();
    watchHolder();
  }, longestSilence);
}

export function tryNow() {
  failures = 0;
  if (share.holds) hurry();
  else channel?.postMessage({ type: 'hurry' });
}

function begin() {
  if (state.peek().kept !== null) return;
  const position = oldestAnswer() ?? 0;
  dispatch({ type: 'stream.began', after: position });
  share.begin(position);
  loadCursors().catch(() => {});
  loadSaved().catch(() => {});
  loadScheduled().catch(() => {});
  loadUserGroups().catch(() => {});
}

/** Holds the stream until another window is to. @param {string} userId @param {AbortSignal} leaving */
async function follow(userId, leaving) {
  leaving.addEventListener('abort', () => {
    current?.abort();
    hurry();
  });
  const ready = () => state.value.kept !== null && refusal.value === null;
  while (!leaving.aborted) {
    await until(ready, leaving);
    await inTurn(leaving, async (turn) => {
      if (leaving.aborted || !untracked(ready)) return;
      replaced = false;
      const controller = new AbortController();
      current = controller;
      turn.over.addEventListener('abort', () => {
        replaced = true;
        controller.abort();
      });
      const heard = await listen(userId, controller, turn);
      if (leaving.aborted) return;
      failures = heard || replaced ? 0 : failures + 1;
    });
    if (leaving.aborted) return;
    if (failures > 0 || !navigator.onLine) share.set(false);
    if (!replaced) await wait();
  }
}

/** @param {() => boolean} condition @param {AbortSignal} leaving @returns {Promise<void>} */
function until(condition, leaving) {
  return new Promise((done) => {
    const stop = effect(() => {
      if (!condition() && !leaving.aborted) return;
      queueMicrotask(() => stop());
      done();
    });
    leaving.addEventListener('abort', () => done());
  });
}

/** @param {string} userId @param {AbortController} controller @param {Turn} turn @returns {Promise<boolean>} whether it said anything */
async function listen(userId, controller, turn) {
  let timer = 0;
  const heardSomething = () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => controller.abort(new Error('silence')), longestSilence);
  };
  heardSomething();
  let heard = false;
  try {
    const body = await openStream(`/api/sse?lastEventId=${share.position}`, userId, controller.signal);
    if (!body) return false;
    const frames = reader();
    const text = body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await text.read();
      if (done || controller.signal.aborted) return heard;
      heardSomething();
      turn.look();
      heard = true;
      if (!share.live) share.set(true);
      if (take(frames(value)) === 'reset') {
        share.reset();
        await loadAgain();
        return heard;
      }
    }
  } catch {
    return heard;
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
}

/** @param {import('./frames.js').Frame[]} frames */
function take(frames) {
  /** @type {LogEvent[]} */
  let events = [];
  /** @type {AnswerEvent[]} */
  let written = [];
  let to = share.position;
  // A message that is sent comes after what was shown of it, and both may be in one portion.
  let isPublished = false;
  const publishSoFar = () => {
    if (events.length > 0) share.publish(events, to);
    if (written.length > 0) share.show(written);
    isPublished ||= events.length + written.length > 0;
    [events, written] = [[], []];
  };
  for (const { id, data } of frames) {
    if (data === null || id === null) {
      to = Math.max(to, id ?? 0);
      continue;
    }
    const event = { ...JSON.parse(data), id };
    if (event.type === 'reset') return 'reset';
    const isWritten = event.type === 'hello' || event.type.startsWith('answer.');
    if (isWritten ? events.length > 0 : written.length > 0) publishSoFar();
    to = Math.max(to, id);
    if (isWritten) written.push(event);
    else events.push(event);
  }
  publishSoFar();
  // A heartbeat is passed on, too.
  if (frames.length > 0 && (!isPublished || to > share.position)) share.publish([], to);
  return 'on';
}

/** @param {LogEvent[]} events */
function takeIn(events) {
  batch(() => {
    dispatch({ type: 'stream.events', events });
    settleAnswers(events);
  });
  publish(events);
  for (const event of events) if (event.type === 'agent.typing') forgetTyping(event);
}

/** An agent that was stopped while typing may never send that it is done. @param {Extract<LogEvent, { type: 'agent.typing' | 'agent.done' }>} event */
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
