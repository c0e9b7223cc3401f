// Channels and messages that are gone while somebody is at their address: the page says what became of them.
import { signal } from '@preact/signals';

/**
 * Channels that were deleted or archived, or that the current user was removed from, since the page was loaded.
 * @typedef {{ how: 'deleted' | 'archived' | 'removed', name: string, userId: string | null }} Ending  userId: who did it, if that is known
 */
export const endings = signal(/** @type {Record<string, Ending>} */ ({}));

/** The message that a link leads to, where there is no such message in the channel. */
export const lostMessage = signal(/** @type {string | null} */ (null));
