// Whether any model is ready; without one, agents answer from the workspace's script.
import { signal } from '@preact/signals';
import { get } from '../core/api.js';

/** @import { components } from '../core/api-types.js' */

/** Null until it is known. */
export const repliesAreScripted = signal(/** @type {boolean | null} */ (null));

/** Asks once; a page that is loaded again asks again. */
export async function learnWhoReplies() {
  try {
    /** @type {components['schemas']['Providers']} */
    const { providers } = await get('/api/providers');
    repliesAreScripted.value = providers.every((provider) => !provider.ready);
  } catch {
    // Then nothing is said about it.
  }
}
