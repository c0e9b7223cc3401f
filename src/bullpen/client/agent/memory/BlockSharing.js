import { useSignal } from '@preact/signals';
import { html } from '../../core/html.js';
import { plural, t } from '../../core/language.js';
import { sentenceOf } from '../../core/refusals.js';
import { members, userOf } from '../../core/store/store.js';
import { Avatar } from '../../ui/Avatar.js';
import { useSave } from '../../ui/use-save.js';
import { linkBlock } from './requests.js';

/** @import { Agent, MemoryBlock as Block } from '../../core/types.js' */

/** @param {{ agent: Agent, block: Block, changed: (block: Block) => void, done: () => void }} props */
export function BlockSharing({ agent, block, changed, done }) {
  const chosen = useSignal(block.sharedWith);
  const saving = useSave();
  // Those who share it and are no longer active can still be taken off.
  const others = [...new Set([...members.value.map((user) => user.id), ...block.sharedWith])]
    .filter((id) => id !== agent.id)
    .map(userOf);
  const same =
    chosen.value.length === block.sharedWith.length &&
    chosen.value.every((id) => block.sharedWith.includes(id));

  /** @param {string} id */
  const toggle = (id) => () => {
    const { value } = chosen;
    chosen.value = value.includes(id) ? value.filter((each) => each !== id) : [...value, id];
  };

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    const answer = await saving.save(() => linkBlock(agent.id, block.label, chosen.value));
    if (!answer) return;
    changed(answer);
    done();
  }

  return html`
    <form class="block__panel" onSubmit=${submit} aria-label=${t('Share {label}', { label: block.label })}>
      <p class="quiet">${t('Everyone you share with sees and edits the same block.')}</p>
      <ul class="sharing">
        ${others.map(
          (user) => html`<li key=${user.id}>
            <label class="sharing__row">
              <input type="checkbox" checked=${chosen.value.includes(user.id)} onChange=${toggle(user.id)} />
              <${Avatar} user=${user} size=${24} />
              <span class="sharing__name">${user.displayName}</span>
            </label>
          </li>`,
        )}
      </ul>
      ${saving.problem && html`<p class="alert" role="alert">${t("Couldn't save. {reason}", { reason: sentenceOf(saving.problem.failure) })}</p>`}
      <div class="form__buttons">
        <button class="button button--small" type="button" onClick=${done}>${t('Cancel')}</button>
        <button class="button button--main" type="submit" disabled=${saving.busy || same}>
          ${shareLabel(chosen.value.length)}
        </button>
      </div>
    </form>
  `;
}

/** @param {number} count */
function shareLabel(count) {
  if (count === 0) return t('Stop sharing');
  return plural(count, 'Share with 1 agent', 'Share with {count} agents');
}
