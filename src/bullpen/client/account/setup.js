// Which workspace this is and how one signs in, asked for once for each page that needs no session.
import { signal } from '@preact/signals';
import { getSetup } from './requests.js';

/** @import { Setup } from '../core/types.js' */

export const setup = signal(/** @type {Setup | null} */ (null));

/** In a workspace without sign-in these pages lead into it. @param {string} address */
export async function loadSetup(address) {
  try {
    setup.value = await getSetup();
    if (setup.value.mode === 'demo') location.replace(address);
  } catch {
    // The form says it when it is sent.
  }
}
