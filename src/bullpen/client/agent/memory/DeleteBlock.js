import { useSignal } from '@preact/signals';
import { html } from '../../core/html.js';
import { t } from '../../core/language.js';
import { sentenceOf } from '../../core/refusals.js';
import { ConfirmButton } from '../../ui/ConfirmButton.js';
import { useSave } from '../../ui/use-save.js';
import { deleteBlock } from './requests.js';

/** @import { Agent, MemoryBlock as Block } from '../../core/types.js' */

/** @param {{ agent: Agent, block: Block, removed: (block: Block) => void }} props */
export function DeleteBlock({ agent, block, removed }) {
  const saving = useSave();
  const shared = useSignal(false);

  async function remove() {
    const answer = await saving.save(() => deleteBlock(agent.id, block.label, shared.value));
    if (answer) removed(block);
    else if (saving.latest()?.failure.code === 'block_is_shared') shared.value = true;
  }

  const refused = saving.problem && !shared.value ? sentenceOf(saving.problem.failure) : '';
  return html`
    <${ConfirmButton}
      icon="trash"
      label=${t('Delete')}
      name=${block.label}
      question=${shared.value ? t('Shared with others. Delete it for everyone?') : refused || t('Delete this block and its history?')}
      yes=${shared.value ? t('Delete for everyone') : t('Delete')}
      act=${remove}
      busy=${saving.busy}
    />
  `;
}
