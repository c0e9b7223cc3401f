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
  oidc_refused:
    'The sign-in provider’s answer could not be verified. Try again; if that does not help, tell an administrator.',
  oidc_declined: 'Sign-in was canceled.',
  oidc_unreachable: 'The sign-in provider can’t be reached. Try again in a moment, or use your password.',
};

/** @param {string} hash `#error=CODE` */
export function oidcProblem(hash) {
  const code = new URLSearchParams(hash.slice(1)).get('error');
  if (code === null) return '';
  const known = Object.hasOwn(refusals, code) ? refusals[code] : undefined;
  return known ?? 'Sign-in with this provider failed. Try again, or use your password.';
}
