import { useSignal } from '@preact/signals';
import { html } from '../../core/html.js';
import { t } from '../../core/language.js';
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
    return html`<section class="block__panel"><${PageSkeleton} label=${t('Loading versions')} /></section>`;

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
    <section class="block__panel versions" aria-label=${t('Versions of {label}', { label: block.label })}>
      <div>
        <ol class="versions__list" reversed>
          ${items.map(
            (each) => html`<li key=${each.version}>
              <button class="versions__row" type="button" aria-pressed=${each === shown} onClick=${() => {
                chosen.value = each.version;
              }}>
                <span class="versions__number">${each.version === block.version ? t('Version {version} (current)', { version: each.version }) : t('Version {version}', { version: each.version })}</span>
                <span class="quiet">${whoOf(each)} · ${inlineMomentLabel(new Date(each.createdAt), new Date())}</span>
              </button>
            </li>`,
          )}
        </ol>
        ${versions.hasMore && html`<button class="folded__more" type="button" disabled=${versions.loadingMore} onClick=${versions.more}>${t('Earlier versions')}</button>`}
      </div>
      <div class="versions__shown">
        <div class="versions__head">
          <p class="quiet">
            ${before ? t('Changes in version {version}', { version: shown.version }) : versions.hasMore ? t('Version {version}', { version: shown.version }) : t('First version')}
            ${shown.runId && html` · <${OriginLinks} kind=${'channelId' in block ? 'note' : 'memory'} name=${`${block.id}.${shown.version}`} runId=${shown.runId} />`}
          </p>
          ${
            !current &&
            html`<button class="button button--small" type="button" disabled=${restoring.busy} onClick=${restore}>
              <${Icon} name="undo-2" size=${16} /> ${t('Restore version {version}', { version: shown.version })}
            </button>`
          }
        </div>
        ${restoring.problem && html`<p class="alert" role="alert">${sentenceOf(restoring.problem.failure)}</p>`}
        <${Diff} before=${before?.content ?? ''} after=${shown.content} label=${t('Changes in version {version}', { version: shown.version })} />
      </div>
    </section>
  `;
}

/** @param {MemoryVersion} version */
function whoOf({ userId, runId }) {
  if (userId) return userOf(userId).displayName;
  return runId ? t('Agent run') : t('Initial version');
}
