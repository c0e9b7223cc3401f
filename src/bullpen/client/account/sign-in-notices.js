// Why somebody is asked to sign in, and why another server did not let them in.

/** @type {Record<string, string>} */
const reasons = {
  ended: 'Your session has ended. Sign in to continue. What you typed is kept in this browser.',
  'signed-out': 'You are signed out.',
  reset: 'Your password is changed. Sign in with the new one.',
};

/** @param {string | null} reason */
export const noticeOf = (reason) =>
  Object.hasOwn(reasons, reason ?? '') ? reasons[reason ?? ''] : undefined;

/** @type {Record<string, string>} */
const refusals = {
  oidc_no_account: 'There is no account here for your e-mail address. Ask an owner or admin to invite you.',
  oidc_email_unverified: 'Your e-mail address is not verified there, so it can’t be used to sign in here.',
  oidc_cancelled: 'Sign-in was cancelled.',
};

/** @param {string} hash `#error=CODE` */
export function oidcProblem(hash) {
  const code = new URLSearchParams(hash.slice(1)).get('error');
  if (code === null) return '';
  const known = Object.hasOwn(refusals, code) ? refusals[code] : undefined;
  return known ?? 'Sign-in with this provider failed. Try again, or use your password.';
}
