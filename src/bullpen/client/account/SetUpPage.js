import { html } from '../core/html.js';
import { LinkPage } from './LinkPage.js';
import { NewAccount } from './NewAccount.js';
import { setUp } from './requests.js';
import { useLink } from './use-link.js';

const ended = {
  title: 'This set-up link has ended',
  text: html`It was used, replaced by a newer one, or is older than 24 hours. Run <code>bullpen owner-link</code> on the server for a new link.`,
};

/** The owner's link: makes the account of the workspace's owner. */
export function SetUpPage() {
  const link = useLink();
  return html`
    <${LinkPage} link=${link} title="Set up your workspace" ended=${ended}
      missing="Open the set-up link that Bullpen printed when it started, or run “bullpen owner-link” on the server for a new one."
      intro=${() => 'Create your account. You will be the owner, and can invite others.'}>
      ${() => html`<${NewAccount} link=${link} action="Create account" ownEmail create=${setUp} />`}
    <//>
  `;
}
