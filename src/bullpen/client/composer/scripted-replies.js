// Whether all agents answer from the workspace's script, because none of their models is ready.
import { signal } from '@preact/signals';
import { isGuest } from '../core/store/store.js';
import { getProviders } from '../settings/requests.js';

/** Null until it is known. */
export const repliesAreScripted = signal(/** @type {boolean | null} */ (null));

/** Asks once; a page that is loaded again asks again. */
export async function learnWhoReplies() {
  // Guests cannot do anything about it.
  if (isGuest.peek()) return;
  try {
    const { models } = await getProviders();
    repliesAreScripted.value = models.length > 0 && models.every(({ answersBy }) => answersBy === 'scripted');
  } catch {
    // Then nothing is said about it.
  }
}
