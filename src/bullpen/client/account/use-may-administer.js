import { isTeam } from '../core/mode.js';
import { useLoaded } from '../ui/use-loaded.js';
import { getMe } from './requests.js';

/** Whether one is an owner or admin. Without sign-in everybody is. */
export function useMayAdminister() {
  const me = useLoaded('role', async () => (isTeam ? (await getMe()).role : 'owner'));
  return me.data === 'owner' || me.data === 'admin';
}
