// Why agents wrote and made things.
import { get } from '../core/http.js';

/** @import { MessageThoughts, Origin, Why } from '../core/types.js' */

const part = encodeURIComponent;

/** @param {string} messageId @returns {Promise<Why>} */
export const getWhy = (messageId) => get(`/api/messages/${part(messageId)}/why`);

/** @param {string[]} messageIds @returns {Promise<MessageThoughts[]>} */
export const getThoughts = (messageIds) =>
  get(`/api/thoughts?${messageIds.map((id) => `message=${part(id)}`).join('&')}`);

/** @param {string} kind @param {string[]} names @returns {Promise<Origin[]>} */
export const getOrigins = (kind, names) =>
  get(`/api/origins?${names.map((name) => `${kind}=${part(name)}`).join('&')}`);
