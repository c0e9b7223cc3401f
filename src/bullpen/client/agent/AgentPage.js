import { useEffect } from 'preact/hooks';
import { t } from '../core/language.js';
import '../ui/page-icons.js';
import { addressOfAgent, addressOfPerson } from '../core/addresses.js';
import { html } from '../core/html.js';
import { replace } from '../core/router.js';
import { agentState } from '../core/store/agent-states.js';
import { pauseOfAgent, workspacePause } from '../core/store/pauses.js';
import { isGuest, members, session, userOf, users } from '../core/store/store.js';
import { PauseAgent } from '../pauses/PauseAgent.js';
import { MenuButton, presenceWords } from '../shell/Header.js';
import { AgentBadge } from '../ui/AgentBadge.js';
import { Avatar } from '../ui/Avatar.js';
import { Failed, NotFound } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { useLoaded } from '../ui/use-loaded.js';
import { ArchiveTab } from './archive/ArchiveTab.js';
import { MessageLink } from './MessageLink.js';
import { MemoryTab } from './memory/MemoryTab.js';
import { ProfileTab } from './ProfileTab.js';
import { PromptTab } from './PromptTab.js';
import { RunsTab } from './RunsTab.js';
import { getAgent } from './requests.js';
import { ScheduleTab } from './schedule/ScheduleTab.js';

/** @import { Agent, AgentTab } from '../core/types.js' */

/** @type {{ tab: AgentTab, name: string, component: unknown }[]} */
const tabs = [
  { tab: 'profile', name: t('Profile'), component: ProfileTab },
  { tab: 'prompt', name: t('Prompt'), component: PromptTab },
  { tab: 'memory', name: t('Memory'), component: MemoryTab },
  { tab: 'archive', name: t('Archive'), component: ArchiveTab },
  { tab: 'schedule', name: t('Schedule'), component: ScheduleTab },
  { tab: 'runs', name: t('Runs'), component: RunsTab },
];

/** @param {{ route: { agentId: string, tab?: AgentTab } }} props */
export function AgentPage({ route }) {
  if (!session.value) return html`<${PageSkeleton} />`;
  return isGuest.value
    ? html`<${AgentForGuests} agentId=${route.agentId} />`
    : html`<${AgentSettings} route=${route} />`;
}

/** Instructions and memory of an agent are not for guests. @param {{ agentId: string }} props */
function AgentForGuests({ agentId }) {
  const user = users.value[agentId];
  const missing = !user && members.value.length > 0;
  return html`
    <header class="header">
      <${MenuButton} />
      ${missing ? html`<h1 class="header__name" tabindex="-1">${t('Not found')}</h1>` : heading(agentId, undefined)}
      ${user && html`<${MessageLink} userId=${agentId} />`}
    </header>
    ${
      missing
        ? html`<${NotFound} what="member" />`
        : html`<div class="page__scroller"><div class="page__content">
            ${user && html`<p>${[user.title, agentState(agentId).words].filter(Boolean).join(' · ')}</p>`}
            <p class="quiet">${t('Guests don’t see an agent’s settings, memory and runs.')}</p>
          </div></div>`
    }
  `;
}

/** @param {{ route: { agentId: string, tab?: AgentTab } }} props */
function AgentSettings({ route }) {
  const { agentId, tab: current = 'profile' } = route;
  const agent = useLoaded(`agent:${agentId}`, () => getAgent(agentId));
  const missing = agent.failure?.status === 404;
  const shown = tabs.find((each) => each.tab === current);
  const isPerson = missing && users.value[agentId]?.kind === 'person';

  useEffect(() => {
    if (isPerson) replace(addressOfPerson(agentId));
  }, [isPerson]);

  return html`
    <header class="header">
      <${MenuButton} />
      ${missing ? html`<h1 class="header__name" tabindex="-1">${t('Not found')}</h1>` : heading(agentId, agent.data)}
      ${agent.data?.isActive && html`<span class="header__action"><${PauseAgent} user=${agent.data} /></span>`}
      ${!missing && html`<${MessageLink} userId=${agentId} />`}
    </header>
    ${
      !missing &&
      html`<nav class="tabs" aria-label=${t('This agent')}>
        ${tabs.map(
          ({ tab, name }) =>
            html`<a key=${tab} class="tabs__tab" href=${addressOfAgent(agentId, tab)} aria-current=${tab === current ? 'page' : undefined}>${name}</a>`,
        )}
      </nav>`
    }
    ${body()}
  `;

  function body() {
    if (missing) return html`<${NotFound} what="member" />`;
    if (agent.failure) return html`<${Failed} failure=${agent.failure} retry=${agent.reload} />`;
    if (!agent.data || !shown) return html`<${PageSkeleton} />`;
    return html`
      <div class="page__scroller" key=${`${agentId} ${current}`}>
        <div class=${`page__content page__content--${current}`}>
          <${shown.component} agent=${agent.data} changed=${agent.set} />
        </div>
      </div>
    `;
  }
}

/** @param {string} agentId */
const isPaused = (agentId) => pauseOfAgent(agentId) !== undefined || workspacePause() !== undefined;

/** @param {string} agentId @param {Agent | undefined} agent */
function heading(agentId, agent) {
  const user = userOf(agentId);
  const inactive = agent?.isActive === false;
  return html`
    <h1 class="header__name" tabindex="-1">
      <${Avatar} user=${agent ? { ...user, ...agent } : user} size=${24} presence=${!inactive} />
      <span class="header__name-text" dir="auto">${agent?.displayName ?? user.displayName}</span>
    </h1>
    <${AgentBadge} user=${user} />
    <p class="header__topic">
      ${inactive ? html`<strong>${t('Inactive')}</strong>` : isPaused(agentId) ? html`<strong>${t('Paused')}</strong>` : html`<span>${presenceWords[user.presence]}</span>`}
      ${agent?.title && html`<span class="header__part">${agent.title}</span>`}
      ${user.status && html`<span class="header__part">${user.status.emoji} ${user.status.text}</span>`}
    </p>
  `;
}
