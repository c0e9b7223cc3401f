// Messages that are sent later.
import { send } from '../core/http.js';

/** @import { Message, Place, ScheduledPost, SentFile } from '../core/types.js' */

const part = encodeURIComponent;

/** @param {string} id @param {Place} place @param {{ text: string, files: SentFile[], alsoInChannel: boolean }} written @param {Date} at @returns {Promise<ScheduledPost>} */
export const schedulePost = (id, { channelId, parentMessageId }, { text, files, alsoInChannel }, at) =>
  send('POST', '/api/scheduled-posts', {
    ...{ id, channelId, text, sendAt: at.toISOString() },
    ...(parentMessageId && { parentMessageId, alsoInChannel }),
    ...(files.length > 0 && { fileIds: files.map((file) => file.id) }),
  });

/** @param {string} id @param {{ text?: string, sendAt?: string }} change @returns {Promise<ScheduledPost>} */
export const changePost = (id, change) => send('PATCH', `/api/scheduled-posts/${part(id)}`, change);

/** @param {string} id @returns {Promise<ScheduledPost>} as it was */
export const cancelPost = (id) => send('DELETE', `/api/scheduled-posts/${part(id)}`);

/** @param {string} id @returns {Promise<Message>} */
export const sendPostNow = (id) => send('POST', `/api/scheduled-posts/${part(id)}/send`);
