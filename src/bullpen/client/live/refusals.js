// What an answer that is an error means for what was sent.
/** @import { ApiError } from '../app/api.js' */

/** The server cannot take it now: it is sent again. */
const away = new Set([0, 429, 502, 503, 504]);

/** @param {ApiError} error */
export const isAway = (error) => away.has(error.status);

/** @param {ApiError} error */
export function reason(error) {
  if (error.status === 404) return 'It is not there any more.';
  return error.message;
}
