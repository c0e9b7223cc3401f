// Keeps what a member sees, for the next time that Bullpen is opened without a connection. Of the windows that show the same
// member one does so: it has the channels that were read last, and the events of the log keep them as they are.
import { computed, effect, untracked } from '@preact/signals';
import { loadName, loadRecent } from '../core/loading.js';
import { connection } from '../core/realtime/connection.js';
import { holdInTurn } from '../core/realtime/stream-lock.js';
import { seenAt } from '../core/seen.js';
import { ownSeen, seenOwner } from '../core/seen-owner.js';
import { onOtherWindow } from '../core/storage.js';
import { session, state } from '../core/store/store.js';
import { recentPlaces } from '../shell/recent-channels.js';
import { keepSnapshot } from './seen-storage.js';
import { isOther, mostPlaces, seerOf, snapshotOf } from './snapshot.js';

/** @import { Owner } from '../core/seen-owner.js' */

const script = '/service-worker.js';
const pause = 3_000;

/** After the first view, which does not wait for it. */
export async function startKeeping() {
  if (!('serviceWorker' in navigator) || !('caches' in window)) return;
  const registered = await navigator.serviceWorker.register(script).catch(() => null);
  if (!registered) return;
  // Browsers look for a new one by themselves, but late on a busy machine.
  if (registered.active) registered.update().catch(() => {});
  await navigator.serviceWorker.ready;
  const seer = computed(() => (seenAt.value === null ? seerOf(session.value) : null));
  effect(() => {
    const userId = seer.value;
    if (userId === null) return;
    const owner = ownSeen(userId);
    const over = new AbortController();
    holdInTurn(`bullpen.seen:${owner.id}`, over.signal, (leaving) => keep(owner, leaving));
    return () => over.abort();
  });
}

/** @param {Owner} owner @param {AbortSignal} leaving @returns {Promise<void>} */
function keep(owner, leaving) {
  let kept = state.peek();
  let timer = 0;
  const isCurrent = () =>
    connection.peek() === 'live' && state.peek().kept !== null && !(loadName.workspace in state.peek().loads);

  async function write() {
    clearTimeout(timer);
    timer = 0;
    if (leaving.aborted || !isCurrent() || seenOwner()?.id !== owner.id) return;
    kept = state.peek();
    await keepSnapshot(snapshotOf(kept, recentPlaces(), owner.id, new Date()), owner).catch(() => {});
  }
  function writeSoon() {
    if (timer === 0) timer = window.setTimeout(write, pause);
  }
  async function load() {
    for (const id of recentPlaces().slice(0, mostPlaces)) {
      const { channels, messages } = state.peek();
      if (leaving.aborted || !isCurrent()) return;
      if (channels && Object.hasOwn(channels, id) && !Object.hasOwn(messages, id)) await loadRecent(id);
    }
    writeSoon();
  }
  // The moment up to which all is known is the last one in which somebody looked.
  const writeNow = () => document.visibilityState === 'hidden' && void write();

  return new Promise((done) => {
    const stops = [
      effect(() => {
        if (connection.value === 'live' && state.value.kept !== null) untracked(load);
      }),
      effect(() => {
        if (isOther(kept, state.value)) untracked(writeSoon);
      }),
      onOtherWindow((key) => key?.startsWith('bullpen.places') && void load()),
    ];
    document.addEventListener('visibilitychange', writeNow);
    leaving.addEventListener('abort', () => {
      for (const stop of stops) stop();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', writeNow);
      done();
    });
  });
}
