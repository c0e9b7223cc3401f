// Shows what was last seen where the server cannot be reached, and lets go of it when it can.
import { batch, effect, untracked } from '@preact/signals';
import { isPinned, requestAs } from '../core/http.js';
import { loadName } from '../core/loading.js';
import { isTeam } from '../core/mode.js';
import { lookSoon } from '../core/outage.js';
import { route } from '../core/router.js';
import { seenAt } from '../core/seen.js';
import { dispatch, state } from '../core/store/store.js';
import { keptSnapshot } from './seen-storage.js';
import { asStale, withoutStale } from './snapshot.js';

/** Nothing where nothing is kept, or only what another member has seen than the one that this window views. */
export async function showSeen() {
  if (!isTeam && isPinned()) return;
  const snapshot = await keptSnapshot();
  // Meanwhile the server may have answered.
  if (!snapshot || state.peek().session !== null) return;
  batch(() => {
    // Where another account has signed in meanwhile, the server refuses what this window asks.
    requestAs(snapshot.state.session?.userId ?? null);
    dispatch({ type: 'seen', seen: asStale(snapshot.state) });
    seenAt.value = snapshot.savedAt;
  });
  addEventListener('online', lookSoon);
  const stop = effect(() => {
    if (!isAnswered()) return;
    untracked(() => queueMicrotask(end));
  });
  function end() {
    stop();
    removeEventListener('online', lookSoon);
    batch(() => {
      // What was deleted meanwhile, or may not be read any more, does not come back.
      dispatch({ type: 'seen', seen: withoutStale(state.peek()) });
      seenAt.value = null;
    });
  }
}

/** Whether all that is on screen comes from the server again. */
function isAnswered() {
  const { loads, counted } = state.value;
  const here = route.value;
  if (counted === null || loadName.workspace in loads) return false;
  return here.view !== 'channel' || loads[loadName.messages(here.channelId)] !== null;
}
