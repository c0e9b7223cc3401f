import { useRef } from 'preact/hooks';
import { html } from '../../core/html.js';
import { t } from '../../core/language.js';
import { isMemory, useEvents } from '../../core/store/use-events.js';
import { Empty } from '../../ui/Empty.js';
import { hasDraft, useDraft } from '../../ui/form-drafts.js';
import { Icon } from '../../ui/Icon.js';
import { Failed } from '../../ui/Notice.js';
import { PageSkeleton } from '../../ui/Skeleton.js';
import { useLoaded } from '../../ui/use-loaded.js';
import { draftOf, MemoryBlock } from './MemoryBlock.js';
import { NewBlock } from './NewBlock.js';
import { PrivateNotes } from './PrivateNotes.js';
import { getMemory } from './requests.js';

/** @import { Agent, MemoryBlock as Block } from '../../core/types.js' */

/** @param {{ agent: Agent }} props */
export function MemoryTab({ agent }) {
  const memory = useLoaded(`memory:${agent.id}`, () => getMemory(agent.id));
  const [adding, setAdding] = useDraft(/** @type {string} */ (`new-block:${agent.id}`));
  const blocks = memory.data;

  /** @param {Block} block */
  function changed(block) {
    const known = blocks?.some((each) => each.id === block.id);
    if (known) memory.set((all) => all.map((each) => (each.id === block.id ? block : each)));
    else memory.reload();
  }
  const turn = useRef(0);

  async function refresh() {
    turn.current += 1;
    const mine = turn.current;
    const fresh = await getMemory(agent.id).catch(() => null);
    if (fresh && mine === turn.current) memory.set((known) => joined(known, fresh));
  }
  useEvents(isMemory, refresh);

  /** What is being edited stays, also where it is gone, and so does what was saved meanwhile. @param {Block[]} known @param {Block[]} fresh */
  function joined(known, fresh) {
    const newest = fresh.map((block) => {
      const before = known.find(({ id }) => id === block.id);
      return before && before.version > block.version ? before : block;
    });
    const gone = known.filter((block) => fresh.every(({ id }) => id !== block.id));
    return [...newest, ...gone.filter((block) => hasDraft(draftOf(agent, block)))];
  }

  /** @param {Block} block */
  const removed = (block) => memory.set((all) => all.filter((each) => each.id !== block.id));

  return html`
    <div class="page__head">
      <p class="page__intro">${t("Always in {name}'s prompt.", { name: agent.displayName })}</p>
      ${
        !adding &&
        html`<button class="button button--small" type="button" onClick=${() => setAdding({ label: '', content: '' })}>
          <${Icon} name="plus" size=${16} /> ${t('New block')}
        </button>`
      }
    </div>
    ${
      Boolean(adding) &&
      html`<${NewBlock} agent=${agent} taken=${(blocks ?? []).map((block) => block.label)} made=${memory.reload} />`
    }
    ${list()}
    <${PrivateNotes} agent=${agent} below=${blocks !== undefined} />
  `;

  function list() {
    if (memory.failure) return html`<${Failed} failure=${memory.failure} retry=${memory.reload} />`;
    if (!blocks) return html`<${PageSkeleton} label=${t('Loading memory')} />`;
    if (blocks.length === 0 && !adding)
      return html`<${Empty} icon="notebook-text" title=${t('No memory yet')} text=${t('Memory blocks are short notes the agent always sees and can edit.')} />`;
    return html`
      <div class="cards">
        ${blocks.map((block) => html`<${MemoryBlock} key=${block.id} agent=${agent} block=${block} changed=${changed} removed=${removed} />`)}
      </div>
    `;
  }
}
