import { sentenceOf } from '../core/refusals.js';
import '../ui/page-icons.js';
import { directMessageWith, openDirectMessage } from '../channels/direct-messages.js';
import { addressOf, addressOfAgent } from '../core/addresses.js';
import { html } from '../core/html.js';
import { session, userOf } from '../core/store/store.js';
import { MenuButton, presenceWords } from '../shell/Header.js';
import { AgentBadge } from '../ui/AgentBadge.js';
import { Avatar } from '../ui/Avatar.js';
import { Icon } from '../ui/Icon.js';
import { Failed, NotFound } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { useLoaded } from '../ui/use-loaded.js';
import { useSave } from '../ui/use-save.js';
import { ArchiveTab } from './archive/ArchiveTab.js';
import { MemoryTab } from './memory/MemoryTab.js';
import { ProfileTab } from './ProfileTab.js';
import { PromptTab } from './PromptTab.js';
import { RunsTab } from './RunsTab.js';
import { getAgent } from './requests.js';
import { ScheduleTab } from './schedule/ScheduleTab.js';

/** @import { Agent, AgentTab } from '../core/types.js' */

/** @type {{ tab: AgentTab, name: string, component: unknown }[]} */
const tabs = [
  { tab: 'profile', name: 'Profile', component: ProfileTab },
  { tab: 'prompt', name: 'Prompt', component: PromptTab },
  { tab: 'memory', name: 'Memory', component: MemoryTab },
  { tab: 'archive', name: 'Archive', component: ArchiveTab },
  { tab: 'schedule', name: 'Schedule', component: ScheduleTab },
  { tab: 'runs', name: 'Runs', component: RunsTab },
];

/** @param {{ route: { agentId: string, tab?: AgentTab } }} props */
export function AgentPage({ route }) {
  const { agentId, tab: current = 'profile' } = route;
  const agent = useLoaded(`agent:${agentId}`, () => getAgent(agentId));
  const missing = agent.failure?.status === 404;
  const shown = tabs.find((each) => each.tab === current);

  return html`
    <header class="header">
      <${MenuButton} />
      ${missing ? html`<h1 class="header__name" tabindex="-1">Not found</h1>` : heading(agentId, agent.data)}
      ${!missing && html`<${MessageLink} agentId=${agentId} />`}
    </header>
    ${
      !missing &&
      html`<nav class="tabs" aria-label="This agent">
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

/** @param {string} agentId @param {Agent | undefined} agent */
function heading(agentId, agent) {
  const user = userOf(agentId);
  const inactive = agent?.isActive === false;
  return html`
    <h1 class="header__name" tabindex="-1">
      <${Avatar} user=${agent ? { ...user, ...agent } : user} size=${24} presence=${!inactive} />
      <span class="header__name-text" dir="auto">${agent?.displayName ?? user.displayName}</span>
      <${AgentBadge} user=${user} />
    </h1>
    <p class="header__topic">
      ${inactive ? html`<strong>Inactive</strong>` : html`<span>${presenceWords[user.presence]}</span>`}
      ${agent?.title && html`<span class="header__part">${agent.title}</span>`}
      ${user.status && html`<span class="header__part">${user.status.emoji} ${user.status.text}</span>`}
    </p>
  `;
}

/** Leads to the conversation with the agent, which begins there where there is none. @param {{ agentId: string }} props */
function MessageLink({ agentId }) {
  const opening = useSave();
  const me = session.value?.userId;
  if (!me || me === agentId) return null;
  const channel = directMessageWith(agentId);
  const content = html`<${Icon} name="message-circle" size=${16} /> Message`;
  if (channel)
    return html`<a class="button button--small page__aside" href=${addressOf(channel)}>${content}</a>`;
  const refused = opening.problem && sentenceOf(opening.problem.failure);
  return html`
    ${refused && html`<p class="field__error page__aside" role="alert">${refused}</p>`}
    <button
      class=${`button button--small${refused ? '' : ' page__aside'}`}
      type="button"
      disabled=${opening.busy}
      onClick=${() => opening.save(() => openDirectMessage(agentId))}
    >${content}</button>
  `;
}
