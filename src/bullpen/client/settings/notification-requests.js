// When and how the current user is notified: kept on the server, for all their windows.

import { send } from '../core/http.js';
import { t } from '../core/language.js';
import { reasonOf } from '../core/refusals.js';
import { dispatch, state } from '../core/store/store.js';
import { say } from '../ui/prompts.js';

/** @import { NotificationSettings } from '../core/types.js' */

let last = Promise.resolve(true);

/**
 * One change after the other, since each sends all settings.
 * @param {Partial<NotificationSettings>} change what is left out stays as it is @returns {Promise<boolean>} whether it was made
 */
export function changeNotifications(change) {
  last = last.then(() => put(change));
  return last;
}

/** @param {Partial<NotificationSettings>} change */
async function put(change) {
  try {
    const settings = await send('PUT', '/api/notifications', { ...state.peek().notifications, ...change });
    dispatch({ type: 'notifications', settings });
    return true;
  } catch (error) {
    say(t('Couldn’t change this: {reason}.', { reason: reasonOf(error) }));
    return false;
  }
}
