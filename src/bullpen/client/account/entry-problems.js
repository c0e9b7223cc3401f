// What is said of a refused form: at the field it is about, or above the form.
import { plural, t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';

/** @import { Failure } from '../core/types.js' */
/** @import { Problem } from '../ui/use-save.js' */

/** The field that an error code is about. @type {Record<string, string>} */
const fieldOf = {
  password_refused: 'password',
  password_wrong: 'current',
  name_taken: 'displayName',
  email_taken: 'email',
  code_wrong: 'code',
};

/** @param {number} seconds */
export function waitingTime(seconds) {
  if (seconds < 90) return plural(Math.max(1, Math.ceil(seconds)), '{count} second', '{count} seconds');
  return plural(Math.ceil(seconds / 60), '{count} minute', '{count} minutes');
}

/** @param {Failure} failure */
function wordsOf(failure) {
  if (failure.code === 'sign_in_failed') return t('The e-mail address or password is wrong.');
  if (failure.status === 429)
    return t('Too many attempts. Try again in {time}.', { time: waitingTime(failure.retryAfter ?? 60) });
  return sentenceOf(failure);
}

/**
 * @param {Problem | null} problem
 * @returns {{ fields: Record<string, string>, general: string }} general is empty if a field says it all
 */
export function entryProblems(problem) {
  if (problem === null) return { fields: {}, general: '' };
  const { failure, fields } = problem;
  const field = fieldOf[failure.code ?? ''];
  if (field) return { fields: { [field]: failure.message }, general: '' };
  if (Object.keys(fields).length > 0) return { fields, general: '' };
  return { fields: {}, general: wordsOf(failure) };
}
