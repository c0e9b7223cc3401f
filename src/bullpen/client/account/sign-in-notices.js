// Why somebody is asked to sign in, and why another server did not let them in.
import { t } from '../core/language.js';

/** @type {Record<string, string>} */
const reasons = {
  ended: t('Your session has ended. Sign in to continue. What you typed is kept in this browser.'),
  'signed-out': t('You are signed out.'),
  reset: t('Your password is changed. Sign in with the new one.'),
};

/** @param {string | null} reason */
export const noticeOf = (reason) =>
  Object.hasOwn(reasons, reason ?? '') ? reasons[reason ?? ''] : undefined;

/** @type {Record<string, string>} */
const refusals = {
  oidc_no_account: t(
    'There is no account here for your e-mail address. Ask an owner or admin to invite you.',
  ),
  oidc_refused: t(
    'The sign-in provider’s answer could not be verified. Try again; if that does not help, tell an administrator.',
  ),
  oidc_declined: t('Sign-in was canceled.'),
  oidc_unreachable: t('The sign-in provider can’t be reached. Try again in a moment, or use your password.'),
};

/** @param {string} hash `#error=CODE` */
export function oidcProblem(hash) {
  const code = new URLSearchParams(hash.slice(1)).get('error');
  if (code === null) return '';
  const known = Object.hasOwn(refusals, code) ? refusals[code] : undefined;
  return known ?? t('Sign-in with this provider failed. Try again, or use your password.');
}
