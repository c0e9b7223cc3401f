// Leads to the page to sign in, and from there back to where somebody was. What was typed and not sent is kept in this
// browser for the person who wrote it.
import { forgetSeen } from './seen-owner.js';
import { signInAddress } from './wanted-address.js';

let leaving = false;

/** @param {boolean} hadSession it has ended while the page was open */
export function leaveToSignIn(hadSession) {
  if (leaving) return;
  leaving = true;
  forgetSeen();
  location.replace(signInAddress(location.pathname + location.search, hadSession ? 'ended' : null));
}
