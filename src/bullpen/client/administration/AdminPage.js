import { t } from '../core/language.js';
import '../ui/page-icons.js';
import { getMe } from '../account/requests.js';
import { html } from '../core/html.js';
import { isTeam } from '../core/mode.js';
import { MenuButton } from '../shell/Header.js';
import { Empty } from '../ui/Empty.js';
import { Failed } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { useLoaded } from '../ui/use-loaded.js';
import { AgentsTab } from './AgentsTab.js';
import { AllTokensTab } from './AllTokensTab.js';
import { AuditTab } from './AuditTab.js';
import { ChannelsTab } from './ChannelsTab.js';
import { PeopleTab } from './PeopleTab.js';
import { UsageTab } from './UsageTab.js';
import { WorkspaceTab } from './WorkspaceTab.js';

/** @typedef {'people' | 'agents' | 'channels' | 'tokens' | 'usage' | 'audit' | 'workspace'} AdminTab */

/** @type {{ tab: AdminTab, name: string, component: unknown }[]} */
const tabs = [
  { tab: 'people', name: t('People'), component: PeopleTab },
  { tab: 'agents', name: t('Agents'), component: AgentsTab },
  { tab: 'channels', name: t('Channels'), component: ChannelsTab },
  { tab: 'tokens', name: t('API tokens'), component: AllTokensTab },
  { tab: 'usage', name: t('Usage'), component: UsageTab },
  { tab: 'audit', name: t('Audit log'), component: AuditTab },
  { tab: 'workspace', name: t('Workspace'), component: WorkspaceTab },
];

/** @param {AdminTab} tab */
const addressOfTab = (tab) => (tab === 'people' ? '/admin' : `/admin/${tab}`);

/** What owners and admins look after. Without sign-in everybody does. @param {{ route: { tab?: AdminTab } }} props */
export function AdminPage({ route }) {
  const { tab: current = 'people' } = route;
  // Without sign-in nobody has a role.
  const me = useLoaded('me', async () => (isTeam ? getMe() : null));
  const role = me.data?.role;
  const may = !isTeam || role === 'owner' || role === 'admin';
  const open = tabs.find(({ tab }) => tab === current);
  return html`
    <header class="header">
      <${MenuButton} />
      <h1 class="header__name" tabindex="-1"><span class="header__name-text">${t('Administration')}</span></h1>
    </header>
    ${
      may &&
      html`<nav class="tabs" aria-label=${t('Administration')}>
        ${tabs.map(
          ({ tab, name }) =>
            html`<a key=${tab} class="tabs__tab" href=${addressOfTab(tab)} aria-current=${tab === current ? 'page' : undefined}>${name}</a>`,
        )}
      </nav>`
    }
    ${body()}
  `;

  function body() {
    if (me.failure) return html`<${Failed} failure=${me.failure} retry=${me.reload} />`;
    if (!open || me.data === undefined) return html`<${PageSkeleton} />`;
    if (!may)
      return html`<${Empty} icon="lock" title=${t('Only for owners and admins')} text=${t('Ask an owner of this workspace if you need to change something here.')} />`;
    return html`
      <div class="page__scroller" key=${current}>
        <div class="page__content account">
          <${open.component} me=${me.data} />
        </div>
      </div>
    `;
  }
}
