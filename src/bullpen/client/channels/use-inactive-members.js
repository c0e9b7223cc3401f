import { isGuest, members } from '../core/store/store.js';
import { useLoaded } from '../ui/use-loaded.js';
import { getInactive } from './requests.js';

/** @import { User } from '../core/types.js' */

/** Members who were deactivated; asked for again when somebody joins them or comes back. */
export function useInactive() {
  const active = members.value.map(({ id }) => id).join(' ');
  return useLoaded(
    `inactive:${active}`,
    async () =>
      /** @type {User[]} */ (
        (isGuest.value ? [] : await getInactive()).map(({ id, displayName, title, avatarColor }) => ({
          id,
          displayName,
          title,
          avatarColor,
          presence: 'offline',
        }))
      ),
    { keep: true },
  );
}
