import { html } from '../core/html.js';
import { PasswordForm } from './PasswordForm.js';
import { TwoStep } from './TwoStep.js';

/** @import { Me } from '../core/types.js' */

/** How one signs in. @param {{ me: Me, changed: (change: (me: Me) => Me) => void }} props */
export function SecurityTab({ me, changed }) {
  return html`<${PasswordForm} me=${me} changed=${changed} /><${TwoStep} me=${me} changed=${changed} />`;
}
