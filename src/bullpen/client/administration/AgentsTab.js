import { useSignal } from '@preact/signals';
import { Tokens } from '../account/Tokens.js';
import { AgentActions } from '../agent/making/AgentActions.js';
import { ImportAgent } from '../agent/making/ImportAgent.js';
import { changeAgent } from '../agent/requests.js';
import { addressOfAgent } from '../core/addresses.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { compareNames } from '../core/name-order.js';
import { sentenceOf } from '../core/refusals.js';
import { agentState } from '../core/store/agent-states.js';
import { pauseOfAgent } from '../core/store/pauses.js';
import { userOf } from '../core/store/store.js';
import { useEvents } from '../core/store/use-events.js';
import { PauseButton } from '../pauses/PauseButton.js';
import { PauseWorkspace } from '../pauses/PauseWorkspace.js';
import { Avatar } from '../ui/Avatar.js';
import { ConfirmButton } from '../ui/ConfirmButton.js';
import { openDialog } from '../ui/dialog-state.js';
import { Icon } from '../ui/Icon.js';
import { Failed } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { useLoaded } from '../ui/use-loaded.js';
import { useSave } from '../ui/use-save.js';
import { AgentManager } from './AgentManager.js';
import { getAgents } from './requests.js';

/** @import { Agent } from '../core/types.js' */

/** All agents, inactive ones last: the model that answers, the state, and the tokens of programs that answer for them. */
export function AgentsTab() {
  const agents = useLoaded('agents', getAgents);
  const importing = useSignal(false);
  useEvents((event) => event.type === 'reset' || event.type === 'user.changed', agents.reload);
  if (agents.failure) return html`<${Failed} failure=${agents.failure} retry=${agents.reload} />`;
  if (!agents.data) return html`<${PageSkeleton} />`;
  const sorted = agents.data.toSorted(
    (a, b) => Number(b.isActive) - Number(a.isActive) || compareNames(a.displayName, b.displayName),
  );

  /** @param {Agent} agent */
  const changed = (agent) => agents.set((all) => all.map((each) => (each.id === agent.id ? agent : each)));

  return html`
    <${PauseWorkspace} />
    <section class="account__part" aria-labelledby="agents-title">
      <div class="agents-head">
        <h2 class="form__title" id="agents-title">${t('Agents')} <span class="section-title__count">${sorted.length}</span></h2>
        <button class="button button--small" type="button" aria-expanded=${importing.value} onClick=${() => {
          importing.value = !importing.value;
        }}>${t('Import')}</button>
        <button class="button button--main" type="button" onClick=${() => openDialog('new-agent')}><${Icon} name="plus" size=${16} />${t('New agent')}</button>
      </div>
      ${importing.value && html`<${ImportAgent} changed=${agents.reload} />`}
      <ul class="facts-list" aria-labelledby="agents-title">
        ${sorted.map((agent) => html`<${AgentRow} key=${agent.id} agent=${agent} changed=${changed} reload=${agents.reload} />`)}
      </ul>
    </section>
  `;
}

/** @param {{ agent: Agent, changed: (agent: Agent) => void, reload: () => void }} props */
function AgentRow({ agent, changed, reload }) {
  const open = useSignal(false);
  const saving = useSave();
  const { id, displayName, title, modelId, isActive } = agent;
  const { state, words } = agentState(id);
  const panel = `agent-${id}`;

  /** @param {boolean} active */
  async function activate(active) {
    const answer = await saving.save(() => changeAgent(id, { isActive: active }));
    if (answer) changed(answer);
  }

  return html`
    <li class="facts-list__row person">
      <span class="person__who">
        <${Avatar} user=${{ ...userOf(id), ...agent }} size=${36} presence=${isActive} />
        <span class="rows__text">
          <span class="facts-list__name" dir="auto"><a class="rows__name" href=${addressOfAgent(id)}>${displayName}</a>${isActive ? html`<span class=${`chip chip--${state}`}>${words}</span>` : html`<span class="chip">${t('Inactive')}</span>`}</span>
          <span class="rows__detail" dir="auto">${[title, modelId].filter(Boolean).join(' · ')}</span>
          ${saving.problem && html`<span class="field__error" role="alert">${sentenceOf(saving.problem.failure)}</span>`}
        </span>
      </span>
      <span class="person__actions">
        ${isActive && html`<${PauseButton} paused=${pauseOfAgent(id)} place=${{ agentId: id }} name=${displayName} />`}
        ${
          isActive
            ? html`<${ConfirmButton} icon="ban" label=${t('Deactivate')} name=${displayName} question=${t('Deactivate {name}? Its runs stop.', { name: displayName })} yes=${t('Deactivate')} busy=${saving.busy} act=${() => activate(false)} />`
            : html`<button class="button button--small" type="button" aria-label=${t('Activate {name}', { name: displayName })} disabled=${saving.busy} onClick=${() => activate(true)}>${t('Activate')}</button>`
        }
        <button class="button button--small button--quiet" type="button" aria-expanded=${open.value} aria-controls=${panel} aria-label=${t('Manage {name}', { name: displayName })} onClick=${() => {
          open.value = !open.value;
        }}>${t('Manage')}<${Icon} name="chevron-down" size=${14} /></button>
      </span>
      ${
        open.value &&
        html`<div class="person__manage" id=${panel}>
          <${AgentManager} agent=${agent} />
          <${AgentActions} agent=${agent} changed=${reload} />
          <${Tokens} agentId=${id} mayAdminister intro=${t('With a token, a program elsewhere answers as {name}.', { name: displayName })} />
        </div>`
      }
    </li>
  `;
}
