import { useSignal } from '@preact/signals';
import { html } from '../app/html.js';
import { ConfirmButton } from './ConfirmButton.js';
import { deleteBlock } from './requests.js';
import { refusal, useSaving } from './saving.js';

/** @import { Agent, MemoryBlock as Block } from './types.js' */

/** @param {{ agent: Agent, block: Block, removed: (block: Block) => void }} props */
export function DeleteBlock({ agent, block, removed }) {
  const saving = useSaving();
  const shared = useSignal(false);

  async function remove() {
    const answer = await saving.save(() => deleteBlock(agent.id, block.label, shared.value));
    if (answer) removed(block);
    else if (saving.latest()?.failure.status === 409) shared.value = true;
  }

  const refused = saving.problem && !shared.value ? refusal(saving.problem.failure) : '';
  return html`
    <${ConfirmButton}
      icon="trash"
      label="Delete"
      name=${block.label}
      question=${shared.value ? 'Others share it, and lose it too.' : refused || 'Delete it with all its versions?'}
      yes=${shared.value ? 'Delete for all' : 'Delete'}
      act=${remove}
      busy=${saving.busy}
    />
  `;
}
