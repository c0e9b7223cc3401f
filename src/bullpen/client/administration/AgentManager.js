import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { compareNames } from '../core/name-order.js';
import { sentenceOf } from '../core/refusals.js';
import { useLoaded } from '../ui/use-loaded.js';
import { useSave } from '../ui/use-save.js';
import { getManager, getPeople, setManager } from './requests.js';

/** @import { Agent } from '../core/types.js' */

/** The person who looks after an agent, and may edit it beside owners and admins. @param {{ agent: Agent }} props */
export function AgentManager({ agent }) {
  const manager = useLoaded(`manager:${agent.id}`, () => getManager(agent.id));
  const people = useLoaded('people', getPeople);
  const saving = useSave();
  const choices = (people.data ?? [])
    .filter(({ isActive, role }) => isActive && role !== 'guest')
    .toSorted((a, b) => compareNames(a.displayName, b.displayName));
  const problem = saving.problem?.failure ?? manager.failure ?? people.failure;

  /** @param {string} personId */
  async function choose(personId) {
    const answer = await saving.save(() => setManager(agent.id, personId || null));
    if (answer) manager.set(() => answer);
  }

  return html`
    <label class="person__choice"><span class="field__label">${t('Manager')}</span>
      <select class="input" key=${choices.length} value=${manager.data?.personId ?? ''} disabled=${saving.busy || !manager.data || !people.data} onChange=${(/** @type {globalThis.Event} */ event) => choose(/** @type {HTMLSelectElement} */ (event.target).value)}>
        <option value="">${t('Nobody')}</option>
        ${choices.map(({ id, displayName }) => html`<option key=${id} value=${id}>${displayName}</option>`)}
      </select>
    </label>
    ${problem && html`<p class="alert person__said" role="alert">${sentenceOf(problem)}</p>`}
  `;
}
