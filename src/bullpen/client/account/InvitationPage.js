import { html } from '../core/html.js';
import { LinkPage } from './LinkPage.js';
import { NewAccount } from './NewAccount.js';
import { acceptInvitation } from './requests.js';
import { useLink } from './use-link.js';

/** @import { LinkInfo } from '../core/types.js' */

const ended = {
  title: 'This invitation has ended',
  text: 'It was used, revoked, or is older than 7 days. If you have an account, sign in; otherwise ask for a new invitation.',
};

/** @param {LinkInfo} info */
const introOf = ({ invitedBy, email }) =>
  html`${invitedBy ? `${invitedBy} invited you` : 'You are invited'} as <strong>${email}</strong>. Choose a name and a password.`;

export function InvitationPage() {
  const link = useLink();
  return html`
    <${LinkPage} link=${link} title=${(/** @type {LinkInfo} */ info) => `Join ${info.workspaceName}`} ended=${ended} intro=${introOf}
      missing="Open the invitation link that you were sent. If you have an account, sign in.">
      ${() => html`<${NewAccount} link=${link} action="Join" create=${acceptInvitation} />`}
    <//>
  `;
}
