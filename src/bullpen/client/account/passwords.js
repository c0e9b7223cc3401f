// The rule for new passwords, told before the server has to.
export const passwordHint = 'At least 12 characters. Spaces are fine.';

/** @param {string} password @returns {string} what is wrong with it, or nothing */
export function passwordProblem(password) {
  const length = [...password.normalize()].length;
  if (length === 0) return 'Enter a password.';
  if (length < 12) return `Use at least 12 characters (this has ${length}).`;
  if (length > 200) return 'Use 200 characters or fewer.';
  return '';
}
