import { session } from '../core/store/store.js';
import { useSave } from '../ui/use-save.js';
import { addMember, refreshChannels, removeMember } from './requests.js';

/** @import { Channel } from '../core/types.js' */

/** Coming into a channel, bringing others, and going. @param {Channel} channel */
export function useMembership({ id }) {
  const saving = useSave();

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
