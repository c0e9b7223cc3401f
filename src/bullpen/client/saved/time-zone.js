import { session, userOf } from '../core/store/store.js';
import { getTimeZone } from './requests.js';

export const browserZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The zone of the current user's profile, or else of the browser. */
export async function ownTimeZone() {
  const me = session.peek()?.userId ?? '';
  const chosen = userOf(me).kind === 'person' ? await getTimeZone(me).catch(() => null) : null;
  return chosen ?? browserZone();
}
