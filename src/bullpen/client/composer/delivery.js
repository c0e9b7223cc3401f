// A message of one's own between Enter and the server's answer.
import { effect } from '@preact/signals';
import { session } from '../core/store/store.js';
import { pending } from '../messages/pending.js';

/** @import { Pending, Place } from '../core/types.js' */

/** @param {Pending} one */
const isOnItsWay = (one) => one.status !== 'failed';

/** @param {Place} place @returns {string | undefined} its id */
export function lastOnItsWay({ channelId, parentMessageId }) {
  const userId = session.peek()?.userId;
  return pending
    .peek()
    .findLast(
      (one) =>
        isOnItsWay(one) &&
        one.userId === userId &&
        one.channelId === channelId &&
        one.parentMessageId === parentMessageId,
    )?.id;
}

/** Until it has been stored, or refused. @param {string} id @returns {Promise<void>} */
export function arrived(id) {
  return new Promise((resolve) => {
    const stop = effect(() => {
      if (pending.value.some((one) => one.id === id && isOnItsWay(one))) return;
      // Not within its own first run.
      queueMicrotask(() => {
        stop();
        resolve();
      });
    });
  });
}
