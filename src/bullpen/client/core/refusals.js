// What an error means for what was asked, and what is said of it: in a notice, in a sentence, or as a clause.

import { ApiError } from './http.js';
import { t } from './language.js';
import { isOutage } from './outage.js';

/** @import { Failure } from './types.js' */

/** Anything but a refusal by the API is a mistake of our own. @param {unknown} error @returns {Failure} */
export function failureOf(error) {
  if (!(error instanceof ApiError)) throw error;
  const { status, message, code, retryAfter } = error;
  return { status, message, code, retryAfter };
}

/**
 * The server cannot take it now, or not yet (429), or not before its writer has signed in again: it is kept, and sent again.
 * @param {ApiError} error
 */
export const isAway = ({ status, code }) =>
  isOutage(status) || status === 429 || status === 401 || code === 'other_user';

/** To go on with, or to end. @param {string} sentence */
const withoutPeriod = (sentence) => sentence.replace(/\.$/, '');

/** For a notice. @param {Failure} failure */
export function describe(failure) {
  if (failure.status === 0) {
    return {
      icon: 'wifi-off',
      title: t('Can’t reach Bullpen'),
      text: t('Check that it’s running and that you’re connected.'),
      canRetry: true,
    };
  }
  if (failure.status === 401) {
    return {
      icon: 'key-round',
      title: t('Please sign in'),
      text: t('Your session has ended. Reload the page to sign in again.'),
      canRetry: false,
    };
  }
  if (failure.status === 503) {
    return {
      icon: 'database-zap',
      title: t('Database unavailable'),
      text: t('Bullpen is running but cannot reach its database. Nothing is lost; try again in a moment.'),
      canRetry: true,
    };
  }
  return {
    icon: 'circle-question-mark',
    title: t('Something went wrong'),
    text: t('Bullpen answered: {reason}.', {
      reason: withoutPeriod(failure.message) || t('error {status}', { status: failure.status }),
    }),
    canRetry: true,
  };
}

/** For a form, where it is not about a field. @param {Failure} failure */
export function sentenceOf(failure) {
  if (failure.status === 0 || failure.status === 503 || failure.status === 401) {
    const { title, text } = describe(failure);
    return `${title}. ${text}`;
  }
  return failure.message || t('Bullpen answered with error {status}.', { status: failure.status });
}

/** To go on a sentence with; anything but an answer of the API is a mistake of our own. @param {unknown} error */
export function reasonOf(error) {
  if (!(error instanceof ApiError)) throw error;
  if (error.status === 0 || error.status === 503) return describe(error).title;
  if (error.status === 404) return t('It was deleted');
  return withoutPeriod(error.message);
}
