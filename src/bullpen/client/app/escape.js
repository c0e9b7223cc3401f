// Escape closes what was opened last: the drawer, then the thread. (Popovers close by themselves.)
import { addressOf } from './addresses.js';
import { go, route } from './router.js';
import { channels } from './store.js';
import { drawerOpen } from './window.js';

/** @returns {() => void} stops */
export function closeOnEscape() {
  document.addEventListener('keydown', onKeyDown);
  return () => document.removeEventListener('keydown', onKeyDown);
}

/** @param {KeyboardEvent} event */
function onKeyDown(event) {
  if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector(':popover-open')) return;
  if (drawerOpen.value) {
    drawerOpen.value = false;
    return;
  }
  const here = route.value;
  const channel = here.view === 'channel' ? channels.value?.[here.channelId] : undefined;
  if (here.view === 'channel' && here.threadId !== null && channel) go(addressOf(channel));
}
