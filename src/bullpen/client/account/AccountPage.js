import { t } from '../core/language.js';
import '../ui/page-icons.js';
import { html } from '../core/html.js';
import { isTeam } from '../core/mode.js';
import { NotificationsChoice } from '../settings/NotificationsChoice.js';
import { MenuButton } from '../shell/Header.js';
import { Failed } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { useLoaded } from '../ui/use-loaded.js';
import { DevicesTab } from './DevicesTab.js';
import { ProfileTab } from './ProfileTab.js';
import { getMe } from './requests.js';
import { SecurityTab } from './SecurityTab.js';
import { TokensTab } from './TokensTab.js';

/** @typedef {'profile' | 'security' | 'devices' | 'tokens' | 'notifications'} AccountTab */

/** @type {{ tab: AccountTab, name: string, component: unknown, withSignIn?: boolean }[]} */
const tabs = [
  { tab: 'profile', name: t('Profile'), component: ProfileTab },
  { tab: 'security', name: t('Security'), component: SecurityTab, withSignIn: true },
  { tab: 'devices', name: t('Devices'), component: DevicesTab, withSignIn: true },
  { tab: 'tokens', name: t('API tokens'), component: TokensTab },
  { tab: 'notifications', name: t('Notifications'), component: NotificationsTab },
];

/** @param {AccountTab} tab */
const addressOfTab = (tab) => (tab === 'profile' ? '/account' : `/account/${tab}`);

/** One's own account. @param {{ route: { tab?: AccountTab } }} props */
export function AccountPage({ route }) {
  const { tab: current = 'profile' } = route;
  const me = useLoaded('me', getMe);
  const shown = tabs.filter(({ withSignIn }) => isTeam || !withSignIn);
  const open = shown.find(({ tab }) => tab === current) ?? shown[0];
  return html`
    <header class="header">
      <${MenuButton} />
      <h1 class="header__name" tabindex="-1"><span class="header__name-text">${t('Your account')}</span></h1>
    </header>
    <nav class="tabs" aria-label=${t('Your account')}>
      ${shown.map(
        ({ tab, name }) =>
          html`<a key=${tab} class="tabs__tab" href=${addressOfTab(tab)} aria-current=${tab === open?.tab ? 'page' : undefined}>${name}</a>`,
      )}
    </nav>
    ${body()}
  `;

  function body() {
    if (me.failure) return html`<${Failed} failure=${me.failure} retry=${me.reload} />`;
    if (!me.data || !open) return html`<${PageSkeleton} />`;
    return html`
      <div class="page__scroller" key=${open.tab}>
        <div class="page__content account">
          <${open.component} me=${me.data} changed=${me.set} reload=${me.reload} />
        </div>
      </div>
    `;
  }
}

function NotificationsTab() {
  return html`<${NotificationsChoice} tag="h2" />`;
}
