// The window: whether it is wide enough for more than one column (below that, the rail and sidebar become a drawer), and
// what Escape closes in it.
import { effect, signal } from '@preact/signals';
import { addressOf } from '../core/addresses.js';
import { go, route } from '../core/router.js';
import { channels } from '../core/store/store.js';

const query = matchMedia('(max-width: 767px)');

export const narrow = signal(query.matches);
export const drawerOpen = signal(false);

query.addEventListener('change', () => {
  narrow.value = query.matches;
  drawerOpen.value = false;
});

effect(() => {
  route.value;
  drawerOpen.value = false;
});

/** Escape closes what was opened last: the drawer, then the thread; popovers and dialogs close by themselves. @returns {() => void} stops */
export function closeOnEscape() {
  document.addEventListener('keydown', onKeyDown);
  return () => document.removeEventListener('keydown', onKeyDown);
}

/** @param {KeyboardEvent} event */
function onKeyDown(event) {
  if (
    event.key !== 'Escape' ||
    event.defaultPrevented ||
    document.querySelector(':popover-open, dialog[open]')
  )
    return;
  if (drawerOpen.value) {
    drawerOpen.value = false;
    return;
  }
  const here = route.value;
  const channel = here.view === 'channel' ? channels.value?.[here.channelId] : undefined;
  if (here.view === 'channel' && here.threadId !== null && channel) go(addressOf(channel));
}
