import { signal } from '@preact/signals';
import { dayOf } from './time.js';

/** A moment of the current day; it changes when the day does, so that "Today" stays true overnight. */
export const today = signal(new Date());

export function startClock() {
  setInterval(() => {
    const now = new Date();
    if (dayOf(now) !== dayOf(today.value)) today.value = now;
  }, 30_000);
}
