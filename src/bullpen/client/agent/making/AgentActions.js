import { useSignal } from '@preact/signals';
import { channelIdFor } from '../../channels/channel-ids.js';
import { html } from '../../core/html.js';
import { sentence, t } from '../../core/language.js';
import { sentenceOf } from '../../core/refusals.js';
import { Field } from '../../ui/Field.js';
import { Icon } from '../../ui/Icon.js';
import { useSave } from '../../ui/use-save.js';
import { addressOfAgentFile, deleteAgent, duplicateAgent } from './requests.js';

/** @import { Agent } from '../../core/types.js' */

/**
 * What can be done with an agent as a whole: copy it, take it along as a file, delete it.
 * @param {{ agent: Agent, changed: () => void }} props
 */
export function AgentActions({ agent, changed }) {
  const open = useSignal(/** @type {'' | 'duplicate' | 'delete'} */ (''));
  return html`
    <div class="agent-actions">
      <div class="form__buttons">
        <button class="button button--small" type="button" aria-expanded=${open.value === 'duplicate'} onClick=${() => toggle('duplicate')}><${Icon} name="copy" size=${16} />${t('Duplicate')}</button>
        <a class="button button--small" href=${addressOfAgentFile(agent.id, 'folder')} download><${Icon} name="download" size=${16} />${t('Export')}</a>
        <a class="button button--small" href=${addressOfAgentFile(agent.id, 'letta')} download>${t('Export for Letta (.af)')}</a>
        <button class="button button--small button--quiet" type="button" aria-expanded=${open.value === 'delete'} onClick=${() => toggle('delete')}><${Icon} name="trash" size=${16} />${t('Delete')}</button>
      </div>
      ${open.value === 'duplicate' && html`<${Duplicate} agent=${agent} done=${done} />`}
      ${open.value === 'delete' && html`<${Delete} agent=${agent} done=${done} />`}
    </div>
  `;

  /** @param {'duplicate' | 'delete'} what */
  function toggle(what) {
    open.value = open.peek() === what ? '' : what;
  }

  function done() {
    open.value = '';
    changed();
  }
}

/** @param {{ agent: Agent, done: () => void }} props */
function Duplicate({ agent, done }) {
  const name = useSignal(`${agent.displayName} 2`);
  const saving = useSave();

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    const displayName = name.value.trim();
    const copy = { id: channelIdFor(displayName), displayName };
    if (await saving.save(() => duplicateAgent(agent.id, copy))) done();
  }

  return html`
    <form class="agent-actions__form" aria-label=${t('Duplicate {name}', { name: agent.displayName })} onSubmit=${submit} novalidate>
      <${Field} label=${t('Name of the copy')} name=${`copy-${agent.id}`} value=${name.value} maxlength=${80} autofocus
        hint=${t('The copy has the same instructions, memory blocks, archive and channels, and no history or plans.')}
        error=${saving.problem ? sentenceOf(saving.problem.failure) : undefined} onInput=${(
          /** @type {string} */ value,
        ) => {
          name.value = value;
        }} />
      <button class="button button--main" type="submit" disabled=${saving.busy || name.value.trim() === ''}>${saving.busy ? t('Duplicating…') : t('Duplicate')}</button>
    </form>
  `;
}

/** @param {{ agent: Agent, done: () => void }} props */
function Delete({ agent, done }) {
  const typed = useSignal('');
  const saving = useSave();
  const matches = typed.value.trim().normalize() === agent.displayName;

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    if (matches && (await saving.save(() => deleteAgent(agent.id, typed.value)))) done();
  }

  return html`
    <form class="alert agent-actions__form" aria-label=${t('Delete {name}', { name: agent.displayName })} onSubmit=${submit} novalidate>
      <p id=${`delete-${agent.id}`}>
        ${sentence(t('<strong>Delete {name} for good?</strong> Its memory, archive, plans, runs and tokens are deleted. Its messages stay. Export it first if you may want it back.'), { name: agent.displayName, strong: (/** @type {unknown} */ inner) => html`<strong>${inner}</strong>` })}
      </p>
      <${Field} label=${t('Type “{name}” to confirm', { name: agent.displayName })} name=${`delete-name-${agent.id}`} value=${typed.value} spellcheck=${false} autocapitalize="off" autofocus
        error=${saving.problem ? sentenceOf(saving.problem.failure) : undefined} onInput=${(
          /** @type {string} */ value,
        ) => {
          typed.value = value;
        }} />
      <button class="button button--main button--danger" type="submit" aria-describedby=${`delete-${agent.id}`} disabled=${!matches || saving.busy}>${saving.busy ? t('Deleting…') : t('Delete agent')}</button>
    </form>
  `;
}
