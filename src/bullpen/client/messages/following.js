// Which threads the current user follows, as far as this window knows.
import { signal } from '@preact/signals';
import { reasonOf } from '../core/refusals.js';
import { session, state } from '../core/store/store.js';
import { follows } from '../core/store/thread-counts.js';
import { say } from '../ui/prompts.js';
import { setFollowing } from './requests.js';

/** @import { Message } from '../core/types.js' */

/** As the server answered for threads that were opened, by their root. @type {import('@preact/signals').Signal<Record<string, boolean>>} */
export const answered = signal({});

/** @param {string} rootId @param {boolean} isFollowed */
export function note(rootId, isFollowed) {
  answered.value = { ...answered.peek(), [rootId]: isFollowed };
}

/** @param {string} rootId @param {Message | undefined} root of the thread */
export function isFollowing(rootId, root) {
  const { follows: chosen, unreadThreads } = state.value;
  const known = chosen[rootId]?.isFollowed ?? answered.value[rootId];
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
    say(on ? 'You follow this thread' : 'You don’t follow this thread any more');
  } catch (error) {
    say(`Couldn’t ${on ? 'follow' : 'unfollow'} the thread: ${reasonOf(error)}.`);
  }
}
