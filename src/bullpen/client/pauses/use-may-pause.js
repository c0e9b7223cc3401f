// Who is shown buttons for pausing; docs/permissions.md has the rules, and the server enforces them.
import { getMe } from '../account/requests.js';
import { getManager } from '../administration/requests.js';
import { isTeam } from '../core/mode.js';
import { isMine, session } from '../core/store/store.js';
import { useLoaded } from '../ui/use-loaded.js';

/** @import { Channel } from '../core/types.js' */

/** Without sign-in everybody may do everything. */
function useRole() {
  return useLoaded('role', async () => (isTeam ? (await getMe()).role : 'owner')).data;
}

/** @param {string | undefined} role */
const administers = (role) => role === 'owner' || role === 'admin';

export function useMayPauseWorkspace() {
  return administers(useRole());
}

/** @param {Channel} channel */
export function useMayPauseChannel(channel) {
  const role = useRole();
  return administers(role) || (role === 'member' && isMine(channel));
}

/** @param {string} agentId */
export function useMayPauseAgent(agentId) {
  const role = useRole();
  const manager = useLoaded(`manager:${agentId}`, async () =>
    isTeam ? getManager(agentId).catch(() => ({ personId: null })) : { personId: null },
  );
  return administers(role) || (role === 'member' && manager.data?.personId === session.value?.userId);
}
