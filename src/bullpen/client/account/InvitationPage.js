import { html } from '../core/html.js';
import { sentence, t } from '../core/language.js';
import { LinkPage } from './LinkPage.js';
import { NewAccount } from './NewAccount.js';
import { acceptInvitation } from './requests.js';
import { useLink } from './use-link.js';

/** @import { LinkInfo } from '../core/types.js' */

const ended = {
  title: t('This invitation has ended'),
  text: t(
    'It was used, revoked, or is older than 7 days. If you have an account, sign in; otherwise ask for a new invitation.',
  ),
};

/** @param {LinkInfo} info */
const introOf = ({ invitedBy, email }) =>
  sentence(
    invitedBy
      ? t('{name} invited you as {email}. Choose a name and a password.')
      : t('You are invited as {email}. Choose a name and a password.'),
    { name: invitedBy, email: html`<strong>${email}</strong>` },
  );

export function InvitationPage() {
  const link = useLink();
  return html`
    <${LinkPage} link=${link} title=${(/** @type {LinkInfo} */ info) => t('Join {workspace}', { workspace: info.workspaceName })} ended=${ended} intro=${introOf}
      missing=${t('Open the invitation link that you were sent. If you have an account, sign in.')}>
      ${() => html`<${NewAccount} link=${link} action=${t('Join')} create=${acceptInvitation} />`}
    <//>
  `;
}
