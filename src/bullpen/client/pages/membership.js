import { session } from '../app/store.js';
import { addMember, refreshChannels, removeMember } from './channel-requests.js';
import { useSaving } from './saving.js';

/** @import { Channel } from '../app/types.js' */

/** Coming into a channel, bringing others, and going. @param {Channel} channel */
export function useMembership({ id }) {
  const saving = useSaving();

  /** @param {() => Promise<unknown>} change */
  const changing = (change) =>
    saving.save(async () => {
      await change();
      await refreshChannels();
    });
  const me = () => session.value?.userId ?? '';

  return {
    ...saving,
    join: () => changing(() => addMember(id, me())),
    leave: () => changing(() => removeMember(id, me())),
    add: (/** @type {string} */ userId) => changing(() => addMember(id, userId)),
    remove: (/** @type {string} */ userId) => changing(() => removeMember(id, userId)),
  };
}
