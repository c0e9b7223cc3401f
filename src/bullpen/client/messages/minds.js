// Mind-reading: for the channels where somebody has switched it on, what was behind each agent's message. Asked for all
// messages that are shown at once, not one by one.
import { signal } from '@preact/signals';
import { keyOf, readEntry, removeEntry, writeEntry } from '../core/storage.js';
import { onEvent } from '../core/store/event-bus.js';
import { session } from '../core/store/store.js';
import { getThoughts } from '../why/requests.js';

/** @import { MessageThoughts } from '../core/types.js' */

const gathering = 60;
const most = 100;

/** By message; null where there is nothing to show. @type {import('@preact/signals').Signal<Record<string, MessageThoughts | null>>} */
export const minds = signal({});

/** The channels where it is on, for the person of this window. @type {import('@preact/signals').Signal<Record<string, boolean>>} */
const switched = signal({});

/** @type {Set<string>} */
const wanted = new Set();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {string} channelId */
const keyOfChannel = (channelId) => keyOf('mind-reading', session.peek()?.userId ?? '', channelId);

/** @param {string} channelId */
export function readsMinds(channelId) {
  const key = `${session.value?.userId}:${channelId}`;
  return switched.value[key] ?? readEntry(keyOfChannel(channelId)) === true;
}

/** @param {string} channelId @param {boolean} on */
export function switchMinds(channelId, on) {
  if (on) writeEntry(keyOfChannel(channelId), true);
  else removeEntry(keyOfChannel(channelId));
  switched.value = { ...switched.peek(), [`${session.peek()?.userId}:${channelId}`]: on };
}

/** Asks for it together with the others that are wanted at the same time. @param {string} messageId */
export function wantMind(messageId) {
  if (messageId in minds.peek()) return;
  wanted.add(messageId);
  askSoon();
}

function askSoon() {
  if (timer === undefined && wanted.size > 0) timer = setTimeout(ask, gathering);
}

async function ask() {
  timer = undefined;
  const ids = [...wanted].slice(0, most);
  for (const id of ids) wanted.delete(id);
  askSoon();
  try {
    const found = await getThoughts(ids);
    const known = Object.fromEntries(found.map((one) => [one.messageId, one]));
    minds.value = { ...minds.peek(), ...Object.fromEntries(ids.map((id) => [id, known[id] ?? null])) };
  } catch {
    // Without an answer nothing is shown; the next message that is drawn asks again.
  }
}

/** What was known of a run under way is asked again when it has ended; another member may see something else. */
export function startMinds() {
  let userId = session.peek()?.userId;
  session.subscribe((now) => {
    if (now?.userId === userId) return;
    userId = now?.userId;
    minds.value = {};
  });
  onEvent((event) => {
    if (event.type !== 'run.changed' || !event.run.completedAt) return;
    const stale = Object.values(minds.peek()).filter((one) => one?.runId === event.run.id);
    for (const one of stale) if (one) wanted.add(one.messageId);
    askSoon();
  });
}
