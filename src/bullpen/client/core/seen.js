// Whether the window shows what was last seen, because the server cannot be reached (offline/showing.js).
import { signal } from '@preact/signals';

/** @import { Failure } from './types.js' */

/** When it was seen; null where what is shown comes from the server. */
export const seenAt = signal(/** @type {string | null} */ (null));

/** Whether it is still to be found out what was seen. */
export const isLookingForSeen = signal(false);

/** What could not be loaded and was seen before is shown as it was. @param {Failure | null | undefined} failure @param {boolean} isKnown */
export const unlessSeen = (failure, isKnown) => (isKnown && seenAt.value !== null ? undefined : failure);
