// The rule for new passwords, checked before the server does.
import { t } from '../core/language.js';
export const passwordHint = t('At least 12 characters. Spaces are fine.');

/** @param {string} password @returns {string} what is wrong with it, or nothing */
export function passwordProblem(password) {
  const length = [...password.normalize()].length;
  if (length === 0) return t('Enter a password.');
  if (length < 12) return t('Use at least 12 characters (this has {length}).', { length });
  if (length > 200) return t('Use 200 characters or fewer.');
  return '';
}
