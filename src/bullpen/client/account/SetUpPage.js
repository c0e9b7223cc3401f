import { html } from '../core/html.js';
import { sentence, t } from '../core/language.js';
import { LinkPage } from './LinkPage.js';
import { NewAccount } from './NewAccount.js';
import { setUp } from './requests.js';
import { useLink } from './use-link.js';

const ended = {
  title: t('This set-up link has ended'),
  text: sentence(
    t(
      'It was used, replaced by a newer one, or is older than 24 hours. Run <code>bullpen owner-link</code> on the server for a new link.',
    ),
    { code: (/** @type {string} */ words) => html`<code>${words}</code>` },
  ),
};

/** The owner's link: makes the account of the workspace's owner. */
export function SetUpPage() {
  const link = useLink();
  return html`
    <${LinkPage} link=${link} title=${t('Set up your workspace')} ended=${ended}
      missing=${t('Open the set-up link that Bullpen printed when it started, or run “bullpen owner-link” on the server for a new one.')}
      intro=${() => t('Create your account. You will be the owner, and can invite others.')}>
      ${() => html`<${NewAccount} link=${link} action=${t('Create account')} ownEmail create=${setUp} />`}
    <//>
  `;
}
