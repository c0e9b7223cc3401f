// What the buttons for pausing do. Somebody else may have been quicker: then it is as it should be.

import { useSignal } from '@preact/signals';
import { ApiError } from '../core/http.js';
import { t } from '../core/language.js';
import { reasonOf } from '../core/refusals.js';
import { dispatch, state } from '../core/store/store.js';
import { say } from '../ui/prompts.js';
import { pause, resume } from './requests.js';

/** @import { Pause } from '../core/types.js' */

/** One request at a time, and what went wrong as a remark. */
export function usePausing() {
  const busy = useSignal(false);

  /** @param {() => Promise<void>} work */
  async function once(work) {
    if (busy.peek()) return;
    busy.value = true;
    try {
      await work();
    } finally {
      busy.value = false;
    }
  }

  return {
    busy: busy.value,
    /** @param {import('./requests.js').Paused} place */
    pause: (place) =>
      once(async () => {
        try {
          const made = await pause(place);
          know([...Object.values(state.peek().pauses), made]);
        } catch (error) {
          say(t('Couldn’t pause: {reason}.', { reason: reasonOf(error) }));
        }
      }),
    /** @param {Pause} paused */
    resume: ({ id }) =>
      once(async () => {
        try {
          await resume(id);
        } catch (error) {
          if (!(error instanceof ApiError && error.status === 404)) {
            say(t('Couldn’t resume: {reason}.', { reason: reasonOf(error) }));
            return;
          }
        }
        know(Object.values(state.peek().pauses).filter((known) => known.id !== id));
      }),
  };
}

/** @param {Pause[]} pauses before its event arrives */
const know = (pauses) => dispatch({ type: 'pauses', pauses });
