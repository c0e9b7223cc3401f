import { useSignal } from '@preact/signals';
import { html } from '../../core/html.js';
import { sentenceOf } from '../../core/refusals.js';
import { userOf } from '../../core/store/store.js';
import { inlineMomentLabel } from '../../core/time-format.js';
import { Icon } from '../../ui/Icon.js';
import { Failed } from '../../ui/Notice.js';
import { PageSkeleton } from '../../ui/Skeleton.js';
import { usePages } from '../../ui/use-loaded.js';
import { useSave } from '../../ui/use-save.js';
import { OriginLinks } from '../../why/OriginLinks.js';
import { Diff } from './Diff.js';

/** @import { MemoryBlock, MemoryVersion, Pages, PrivateNote } from '../../core/types.js' */

/**
 * Of a memory block or a private note.
 * @template {MemoryBlock | PrivateNote} Block
 * @param {{
 *   block: Block, getPage: (before?: number) => Promise<Pages<MemoryVersion, number>>,
 *   restoreTo: (version: number) => Promise<Block>, changed: (block: Block) => void
 * }} props
 */
export function BlockVersions({ block, getPage, restoreTo, changed }) {
  const versions = usePages(`versions:${block.id}:${block.version}`, getPage, { keep: true });
  const chosen = useSignal(/** @type {number | null} */ (null));
  const restoring = useSave();
  const { items } = versions;

  if (versions.failure)
    return html`<section class="block__panel"><${Failed} failure=${versions.failure} retry=${versions.reload} /></section>`;
  if (!items)
    return html`<section class="block__panel"><${PageSkeleton} label="Loading versions" /></section>`;

  const at = Math.max(
    0,
    items.findIndex(({ version }) => version === chosen.value),
  );
  const shown = items[at];
  const before = items[at + 1];
  if (!shown) return null;

  async function restore() {
    const answer = await restoring.save(() => restoreTo(shown?.version ?? 0));
    if (!answer) return;
    chosen.value = null;
    changed(answer);
  }

  const current = shown.version === block.version;
  return html`
    <section class="block__panel versions" aria-label=${`Versions of ${block.label}`}>
      <div>
        <ol class="versions__list" reversed>
          ${items.map(
            (each) => html`<li key=${each.version}>
              <button class="versions__row" type="button" aria-pressed=${each === shown} onClick=${() => {
                chosen.value = each.version;
              }}>
                <span class="versions__number">Version ${each.version}${each.version === block.version && ' (current)'}</span>
                <span class="quiet">${whoOf(each)} · ${inlineMomentLabel(new Date(each.createdAt), new Date())}</span>
              </button>
            </li>`,
          )}
        </ol>
        ${versions.hasMore && html`<button class="folded__more" type="button" disabled=${versions.loadingMore} onClick=${versions.more}>Earlier versions</button>`}
      </div>
      <div class="versions__shown">
        <div class="versions__head">
          <p class="quiet">
            ${before ? `Changes in version ${shown.version}` : versions.hasMore ? `Version ${shown.version}` : 'First version'}
            ${shown.runId && html` · <${OriginLinks} kind=${'channelId' in block ? 'note' : 'memory'} name=${`${block.id}.${shown.version}`} runId=${shown.runId} />`}
          </p>
          ${
            !current &&
            html`<button class="button button--small" type="button" disabled=${restoring.busy} onClick=${restore}>
              <${Icon} name="undo-2" size=${16} /> Restore version ${shown.version}
            </button>`
          }
        </div>
        ${restoring.problem && html`<p class="alert" role="alert">${sentenceOf(restoring.problem.failure)}</p>`}
        <${Diff} before=${before?.content ?? ''} after=${shown.content} label=${`Changes in version ${shown.version}`} />
      </div>
    </section>
  `;
}

/** @param {MemoryVersion} version */
function whoOf({ userId, runId }) {
  if (userId) return userOf(userId).displayName;
  return runId ? 'Agent run' : 'Initial version';
}
