import { addressOf } from '../core/addresses.js';
import { ApiError } from '../core/http.js';
import { go } from '../core/router.js';
import { addressOfMember, channels, session } from '../core/store/store.js';
import { createChannel, refreshChannels } from './requests.js';

/** @import { Channel } from '../core/types.js' */

/** @param {string} userId @returns {Channel | undefined} the current user's conversation with them */
export function directMessageWith(userId) {
  const me = session.value?.userId ?? '';
  return Object.values(channels.value ?? {}).find(
    ({ kind, memberIds }) => kind === 'dm' && memberIds.includes(userId) && memberIds.includes(me),
  );
}

/** Goes to the conversation, and begins it where there is none. @param {string} userId */
export async function openDirectMessage(userId) {
  const me = session.peek()?.userId ?? '';
  if (userId === me) return go(addressOfMember(me));
  const known = await conversationWith(userId);
  if (known) go(addressOf(known));
}

/** The conversation with somebody else, begun where there is none. @param {string} userId @returns {Promise<Channel | undefined>} */
export async function conversationWith(userId) {
  return directMessageWith(userId) ?? begin(session.peek()?.userId ?? '', userId);
}

/**
 * Goes to the conversation of oneself with these others, begun where there is none. The server finds the one of a group.
 * @param {string[]} userIds
 */
export async function openGroup(userIds) {
  if (userIds.length === 1) return openDirectMessage(userIds[0] ?? '');
  const memberIds = [session.peek()?.userId ?? '', ...userIds];
  const group = await createChannel({ id: crypto.randomUUID(), name: 'group', kind: 'group_dm', memberIds });
  await refreshChannels();
  go(addressOf(group));
}

/** @param {string} me @param {string} userId @returns {Promise<Channel | undefined>} */
async function begin(me, userId) {
  const memberIds = [me, userId];
  // Both of them name it alike, so that two who begin at the same moment meet in one.
  const id = `dm-${memberIds.toSorted().join('-')}`;
  const dm = { name: id, kind: /** @type {const} */ ('dm'), memberIds };
  try {
    await createChannel({ ...dm, id: id.length <= 80 ? id : crypto.randomUUID(), name: id.slice(0, 80) });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 409) throw error;
    await refreshChannels();
    if (!directMessageWith(userId))
      await createChannel({ ...dm, id: crypto.randomUUID(), name: id.slice(0, 80) });
  }
  await refreshChannels();
  return directMessageWith(userId);
}
