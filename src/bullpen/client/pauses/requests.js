// Pausing agents, and letting them go on.
import { get, send } from '../core/http.js';

/** @import { ConversationQueue, Pause, Place } from '../core/types.js' */

const part = encodeURIComponent;

/** @typedef {{ agentId?: string, channelId?: string, reason?: string }} Paused  with neither it is the workspace */

/** @param {Paused} place @returns {Promise<Pause>} */
export const pause = (place) => send('POST', '/api/pauses', place);

/** @param {string} pauseId @returns {Promise<Pause>} */
export const resume = (pauseId) => send('DELETE', `/api/pauses/${part(pauseId)}`);

/** @param {Place} place @returns {Promise<ConversationQueue>} */
export const getConversationQueue = ({ channelId, parentMessageId }) =>
  get(
    `/api/runs/queue?channelId=${part(channelId)}${parentMessageId ? `&parentMessageId=${part(parentMessageId)}` : ''}`,
  );
