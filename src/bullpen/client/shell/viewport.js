// The window: whether it is wide enough for more than one column (below that, the rail and sidebar become a drawer), and
// what Escape closes in it.
import { effect, signal } from '@preact/signals';
import { addressOf } from '../core/addresses.js';
import { go, query, route } from '../core/router.js';
import { channels } from '../core/store/store.js';

const narrowWindow = matchMedia('(max-width: 767px)');

export const narrow = signal(narrowWindow.matches);
export const drawerOpen = signal(false);

narrowWindow.addEventListener('change', () => {
  narrow.value = narrowWindow.matches;
  drawerOpen.value = false;
});

effect(() => {
  route.value;
  drawerOpen.value = false;
});

/** Escape closes what was opened last: the drawer, "Why?", then the thread; popovers and dialogs close by themselves. @returns {() => void} stops */
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
  if (here.view === 'channel' && query.value.has('why')) {
    go(location.pathname);
    return;
  }
  const channel = here.view === 'channel' ? channels.value?.[here.channelId] : undefined;
  if (here.view === 'channel' && here.threadId !== null && channel) go(addressOf(channel));
}
