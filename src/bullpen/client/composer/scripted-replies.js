// Whether any model is ready; without one, agents answer from the workspace's script.
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
    const { providers } = await getProviders();
    repliesAreScripted.value = providers.every((provider) => !provider.ready);
  } catch {
    // Then nothing is said about it.
  }
}
