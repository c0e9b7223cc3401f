// What an agent is to do later, once or again and again.
import { get, queryOf, send } from '../../core/http.js';

/** @import { NewRecurring, NewScheduled, RecurringMessage, ScheduledMessage } from '../../core/types.js' */

const part = encodeURIComponent;

/** @param {string} agentId @returns {Promise<ScheduledMessage[]>} */
export const getScheduled = (agentId) => get(`/api/scheduled${queryOf({ agentId })}`);

/** @param {NewScheduled} scheduled @returns {Promise<ScheduledMessage>} */
export const schedule = (scheduled) => send('POST', '/api/scheduled', scheduled);

/** @param {string} id @returns {Promise<ScheduledMessage>} */
export const cancelScheduled = (id) => send('DELETE', `/api/scheduled/${part(id)}`);

/** @param {string} agentId @returns {Promise<RecurringMessage[]>} */
export const getRecurring = (agentId) => get(`/api/recurring${queryOf({ agentId })}`);

/** @param {NewRecurring} recurring @returns {Promise<RecurringMessage>} */
export const repeat = (recurring) => send('POST', '/api/recurring', recurring);

/** @param {string} id @returns {Promise<RecurringMessage>} what it was */
export const stopRecurring = (id) => send('DELETE', `/api/recurring/${part(id)}`);
