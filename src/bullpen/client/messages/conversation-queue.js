// Who answers in a conversation and who waits to, asked for again whenever one of its runs changes.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { actorChanges } from '../core/loading.js';
import { onEvent } from '../core/store/event-bus.js';
import { getConversationQueue } from '../pauses/requests.js';

/** @import { ConversationQueue, LogEvent, Place } from '../core/types.js' */

// Runs begin and end several at a time.
const together = 150;

/** Null until it is known. @param {Place} place @returns {ConversationQueue | null} */
export function useConversationQueue(place) {
  const queue = useSignal(/** @type {ConversationQueue | null} */ (null));
  useEffect(() => {
    let current = true;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    async function load() {
      timer = undefined;
      const answer = await getConversationQueue(place).catch(() => null);
      if (current) queue.value = answer;
    }
    load();
    const stop = onEvent((event) => {
      if (concerns(event, place)) timer ??= setTimeout(load, together);
    });
    return () => {
      current = false;
      clearTimeout(timer);
      stop();
    };
  }, [place, actorChanges.value]);
  return queue.value;
}

/** @param {LogEvent} event @param {Place} place */
function concerns(event, { channelId }) {
  if (event.type === 'reset') return true;
  return (event.type === 'run.created' || event.type === 'run.changed') && event.run.channelId === channelId;
}
