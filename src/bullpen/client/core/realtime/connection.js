import { signal } from '@preact/signals';

/** Whether what others do arrives. `waiting`: nobody has tried yet. */
export const connection = signal(/** @type {'waiting' | 'live' | 'lost'} */ ('waiting'));
