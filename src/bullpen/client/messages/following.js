// Which threads the current user follows, as far as this window knows.

import { signal } from '@preact/signals';
import { t } from '../core/language.js';
import { reasonOf } from '../core/refusals.js';
import { onEvent } from '../core/store/event-bus.js';
import { session, state } from '../core/store/store.js';
import { follows } from '../core/store/thread-counts.js';
import { say } from '../ui/prompts.js';
import { setFollowing } from './requests.js';

/** @import { Message } from '../core/types.js' */

/** As the server answered for threads that were opened, by the reader and the thread. @type {import('@preact/signals').Signal<Record<string, boolean>>} */
const answered = signal({});

/** @param {string} rootId */
const keyOf = (rootId) => `${session.value?.userId}:${rootId}`;

/** @param {string} rootId @param {boolean} isFollowed */
export function note(rootId, isFollowed) {
  answered.value = { ...answered.peek(), [keyOf(rootId)]: isFollowed };
}

// Who replies in a thread, or is mentioned in it alone, follows it.
onEvent((event) => {
  if (event.type !== 'message.created' || event.parentMessageId === null) return;
  const me = session.peek()?.userId ?? '';
  if (event.message.userId === me || (!event.message.repliedTo && event.mentions?.includes(me)))
    note(event.parentMessageId, true);
});

/** @param {string} rootId @param {Message | undefined} root of the thread */
export function isFollowing(rootId, root) {
  const { follows: chosen, unreadThreads } = state.value;
  const known = chosen[rootId]?.isFollowed ?? answered.value[keyOf(rootId)];
  if (known !== undefined) return known;
  return (
    rootId in unreadThreads || (root !== undefined && follows(chosen, root, session.value?.userId ?? ''))
  );
}

/** @param {string} rootId @param {boolean} on */
export async function setFollowed(rootId, on) {
  try {
    const { isFollowed } = await setFollowing(rootId, on);
    note(rootId, isFollowed);
    say(on ? t('You follow this thread') : t('You don’t follow this thread any more'));
  } catch (error) {
    const reason = reasonOf(error);
    say(
      on
        ? t('Couldn’t follow the thread: {reason}.', { reason })
        : t('Couldn’t unfollow the thread: {reason}.', { reason }),
    );
  }
}
