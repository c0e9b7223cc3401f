// Keeps the inbox's counts in the sidebar up to date. What is marked, deleted or out of sight only the server knows, so it
// is asked again, and only while somebody looks at the window.
import { effect, untracked } from '@preact/signals';
import { actorChanges } from '../core/loading.js';
import { onEvent } from '../core/store/event-bus.js';
import { dispatch, state } from '../core/store/store.js';
import { onVisible } from '../messages/reading.js';
import { changesCounts } from './inbox-items.js';
import { getInboxUnread } from './requests.js';

// Several events at once are looked after at once.
const together = 300;

let isOutdated = false;
let isWaiting = false;

export function startInboxCounts() {
  onEvent((event) => {
    if (changesCounts(event, state.peek())) outdate();
  });
  effect(() => {
    if (onVisible.value && isOutdated) untracked(outdate);
  });
}

function outdate() {
  isOutdated = true;
  if (isWaiting || !onVisible.peek()) return;
  isWaiting = true;
  setTimeout(count, together);
}

async function count() {
  isWaiting = false;
  isOutdated = false;
  const startedAt = actorChanges.peek();
  // What fails is counted with the next event, or when everything is loaded anew after an outage.
  const inbox = await getInboxUnread().catch(() => null);
  if (inbox && startedAt === actorChanges.peek()) dispatch({ type: 'inbox', inbox });
}
