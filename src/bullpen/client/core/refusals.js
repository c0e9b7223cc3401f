// What an answer that is an error means for what was sent.
import { isOutage } from './outage.js';

/** @import { ApiError } from './api.js' */

/** The server cannot take it now, or not yet (429): it is sent again. @param {ApiError} error */
export const isAway = ({ status }) => isOutage(status) || status === 429;

/** @param {ApiError} error */
export function reason(error) {
  if (error.status === 404) return 'It is not there any more.';
  return error.message;
}
