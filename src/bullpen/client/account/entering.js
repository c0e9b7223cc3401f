// From a page without a session into the workspace.
import { useSignal } from '@preact/signals';
import { ApiError, get } from '../core/http.js';

/** @typedef {'no' | 'entering' | 'blocked'} Entering blocked: the browser did not keep the session */

/** @returns {import('@preact/signals').Signal<Entering>} */
export const useEntering = () => useSignal(/** @type {Entering} */ ('no'));

/** @param {import('@preact/signals').Signal<Entering>} entering @param {string} [address] where to */
export async function enter(entering, address = '/') {
  entering.value = 'entering';
  try {
    await get('/api/session');
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) {
      entering.value = 'blocked';
      return;
    }
    // The workspace says what is wrong.
  }
  location.replace(address);
}
