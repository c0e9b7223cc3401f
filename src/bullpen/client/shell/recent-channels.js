// The channels one was in, the last first, so that they are offered first.
import { effect } from '@preact/signals';
import { remember, remembered } from '../core/recent-list.js';
import { route } from '../core/router.js';
import { channels, session } from '../core/store/store.js';

const most = 20;

export function startRememberingPlaces() {
  effect(() => {
    const here = route.value;
    if (here.view === 'channel' && session.value && channels.value?.[here.channelId])
      remember('places', here.channelId, most);
  });
}

/** @returns {string[]} the channels' ids */
export const recentPlaces = () => remembered('places');
