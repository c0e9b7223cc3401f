import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { addressOfBlock, nameOfBlock } from '../../core/addresses.js';
import { html } from '../../core/html.js';
import { locale, sentence, t } from '../../core/language.js';
import { sentenceOf } from '../../core/refusals.js';
import { userOf } from '../../core/store/store.js';
import { inlineMomentLabel } from '../../core/time-format.js';
import { Avatar } from '../../ui/Avatar.js';
import { Collapsible } from '../../ui/Collapsible.js';
import { useDraft } from '../../ui/form-drafts.js';
import { Icon } from '../../ui/Icon.js';
import { useLinked } from '../../ui/use-linked.js';
import { useSave } from '../../ui/use-save.js';
import { BlockEditor } from './BlockEditor.js';
import { BlockSharing } from './BlockSharing.js';
import { BlockVersions } from './BlockVersions.js';
import { DeleteBlock } from './DeleteBlock.js';
import { getVersions, putBlock, restoreBlock } from './requests.js';

/** @import { BlockDraft } from './BlockEditor.js' */
/** @import { Agent, MemoryBlock as Block } from '../../core/types.js' */

/** @param {Agent} agent @param {Block} block @returns {string} */
export const draftOf = (agent, block) => `block:${agent.id}:${block.id}`;

/** @param {{ agent: Agent, block: Block, changed: (block: Block) => void, removed: (block: Block) => void }} props */
export function MemoryBlock({ agent, block, changed, removed }) {
  const [draft, setDraft] = useDraft(draftOf(agent, block));
  const open = useSignal(/** @type {'versions' | 'sharing' | null} */ (null));
  const undoable = useSignal(/** @type {number | null} */ (null));
  const undoing = useSave();
  const own = block.agentId === agent.id;
  const editing = draft !== undefined;
  // An editor keeps the one it began with, even if others change it meanwhile.
  const began = useRef(block);
  if (!editing) began.current = block;
  // Not what somebody else has written since.
  const before = undoable.value === block.version - 1 ? undoable.value : null;
  const titleId = `block-${block.id}`;
  const { ref, linked } = useLinked(nameOfBlock(block.agentId, block.label));

  /** @param {'versions' | 'sharing'} panel */
  const toggle = (panel) => () => {
    open.value = open.value === panel ? null : panel;
  };

  /** @param {BlockDraft} body */
  const put = (body) => putBlock(agent.id, block.label, body);
  /** @param {number} [version] */
  const page = (version) => getVersions(agent.id, block.label, version);
  /** @param {number} version */
  const restoreTo = (version) => restoreBlock(agent.id, block.label, version);

  /** @param {Block} next */
  function saved(next) {
    undoable.value = next.version > block.version ? next.version - 1 : null;
    changed(next);
  }

  async function undo() {
    if (before === null) return;
    const answer = await undoing.save(() => restoreTo(before));
    if (!answer) return;
    undoable.value = null;
    changed(answer);
  }

  return html`
    <article class=${`card block${linked ? ' block--linked' : ''}`} aria-labelledby=${titleId} tabindex=${linked ? -1 : undefined} ref=${ref}>
      <header class="block__head">
        <h2 class="block__label" id=${titleId} dir="auto">${block.label}</h2>
        ${own ? html`<${SharedWith} block=${block} />` : html`<${SharedBy} block=${block} />`}
        <div class="block__tools">
          ${
            !editing &&
            html`<button class="button button--small button--quiet" type="button" aria-label=${t('Edit {label}', { label: block.label })}
              onClick=${() => setDraft({ content: block.content, version: block.version })}>
              <${Icon} name="pencil" size=${16} /> ${t('Edit')}
            </button>`
          }
          <button class="button button--small button--quiet" type="button" aria-expanded=${open.value === 'versions'}
            aria-label=${t('Versions of {label}', { label: block.label })} onClick=${toggle('versions')}>
            <${Icon} name="rotate-ccw-clock" size=${16} /> ${t('Versions')}
          </button>
          ${
            own &&
            html`<button class="button button--small button--quiet" type="button" aria-expanded=${open.value === 'sharing'}
              aria-label=${t('Share {label}', { label: block.label })} onClick=${toggle('sharing')}>
              <${Icon} name="link-2" size=${16} /> ${t('Share')}
            </button>
            <${DeleteBlock} agent=${agent} block=${block} removed=${removed} />`
          }
        </div>
      </header>
      ${
        editing
          ? html`<${BlockEditor} block=${began.current} draft=${/** @type {BlockDraft} */ (draft)} setDraft=${setDraft} put=${put} saved=${saved} removed=${removed} />`
          : html`<div class="block__content">
              ${block.content === '' ? html`<p class="quiet">${t('This block is empty.')}</p>` : html`<${Collapsible} text=${block.content} most=${1600} lines=${18} class="block__text" />`}
            </div>`
      }
      ${
        !editing &&
        html`<footer class="block__foot">
          <span>${t('Version {version} · {time}', { version: block.version, time: inlineMomentLabel(new Date(block.updatedAt), new Date()) })}</span>
          <span>${(block.limit - block.remaining).toLocaleString(locale)} / ${block.limit.toLocaleString(locale)}<span class="visually-hidden"> ${t('characters')}</span></span>
          <span class="block__undo" role="status">
            ${before !== null && sentence(t('Saved. <button>Undo</button>'), { button: (/** @type {string} */ words) => html`<button class="folded__more" type="button" disabled=${undoing.busy} onClick=${undo}>${words}</button>` })}
            ${undoing.problem && html`<span class="field__error">${sentenceOf(undoing.problem.failure)}</span>`}
          </span>
        </footer>`
      }
      ${open.value === 'versions' && html`<${BlockVersions} block=${block} getPage=${page} restoreTo=${restoreTo} changed=${changed} />`}
      ${open.value === 'sharing' && html`<${BlockSharing} agent=${agent} block=${block} changed=${changed} done=${toggle('sharing')} />`}
    </article>
  `;
}

/** @param {{ block: Block }} props */
function SharedWith({ block }) {
  if (!block.isShared) return null;
  if (block.sharedWith.length === 0) return html`<span class="chip">${t('Not shared')}</span>`;
  return html`
    <ul class="faces" aria-label=${t('Shared with')}>
      ${block.sharedWith.map(userOf).map(
        (user) => html`<li key=${user.id}>
          <a href=${addressOfBlock(user.id, block.agentId, block.label)} aria-label=${user.displayName} data-tip=${t('Shared with {name}', { name: user.displayName })}><${Avatar} user=${user} size=${20} /></a>
        </li>`,
      )}
    </ul>
  `;
}

/** @param {{ block: Block }} props */
function SharedBy({ block }) {
  const owner = userOf(block.agentId);
  return html`<a class="chip" href=${addressOfBlock(owner.id, owner.id, block.label)}><${Icon} name="link-2" size=${12} /> ${t('Shared by {name}', { name: owner.displayName })}</a>`;
}
