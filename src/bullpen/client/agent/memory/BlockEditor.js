import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { html } from '../../core/html.js';
import { t } from '../../core/language.js';
import { sentenceOf } from '../../core/refusals.js';
import { inlineMomentLabel } from '../../core/time-format.js';
import { Field, lengthOf, submitOnCtrlEnter } from '../../ui/Field.js';
import { useSave } from '../../ui/use-save.js';
import { Diff } from './Diff.js';

/** @import { MemoryBlock, PrivateNote } from '../../core/types.js' */

/** @typedef {{ content: string, version: number }} BlockDraft  the version is the one that was read before */

/**
 * Of a memory block or a private note, which `put` saves.
 * @template {MemoryBlock | PrivateNote} Block
 * @param {{
 *   block: Block, draft: BlockDraft, setDraft: import('../../ui/form-drafts.js').SetDraft<BlockDraft>,
 *   put: (body: BlockDraft) => Promise<Block>, saved: (block: Block) => void, removed: (block: Block) => void
 * }} props
 */
export function BlockEditor({ block, draft, setDraft, put, saved, removed }) {
  const saving = useSave();
  const theirs = useSignal(/** @type {Block | null} */ (null));
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  const tooLong = lengthOf(draft.content) > block.limit;
  const name = `block-${block.id}`;

  useLayoutEffect(() => focusInside(form.current), []);

  /** @param {number} version */
  async function save(version) {
    const { content } = draft;
    const answer = await saving.save(() => put({ content, version }));
    if (answer) {
      saved(answer);
      theirs.value = null;
      settleEdit(content, answer.version);
      return;
    }
    const problem = saving.latest();
    if (problem?.failure.code === 'changed_meanwhile' && problem.details)
      theirs.value = /** @type {Block | null} */ (currentOf(problem.details)) ?? deleted(block);
  }

  /** Closes the editor, or keeps it open on what has been typed during the save. @param {string} sent @param {number} version */
  function settleEdit(sent, version) {
    let typed = false;
    setDraft((now) => {
      typed = now !== undefined && now.content !== sent;
      return now && { ...now, version };
    });
    if (!typed) close();
  }

  function close() {
    const article = form.current?.closest('article');
    setDraft(undefined);
    requestAnimationFrame(() => article?.querySelector('button')?.focus());
  }

  /** @param {SubmitEvent} event */
  function submit(event) {
    event.preventDefault();
    if (!tooLong) save(theirs.value?.version ?? draft.version);
  }

  function takeTheirs() {
    if (theirs.value?.version === 0) removed(block);
    else if (theirs.value) saved(theirs.value);
    close();
  }

  /** @param {KeyboardEvent} event Escape leaves what has not been changed, and nothing else */
  function onKeyDown(event) {
    submitOnCtrlEnter(event);
    if (event.key !== 'Escape' || draft.content !== block.content) return;
    event.preventDefault();
    close();
  }

  const conflict = theirs.value;
  return html`
    <form class="block__editor" onSubmit=${submit} onKeyDown=${onKeyDown} ref=${form} aria-label=${t('Edit {label}', { label: block.label })}>
      ${conflict && html`<${Conflict} theirs=${conflict} mine=${draft.content} />`}
      <${Field} label=${conflict ? t('Your version') : t('Content')} hideLabel=${!conflict} name=${name} tag="textarea" value=${draft.content} limit=${block.limit}
        onInput=${(/** @type {string} */ content) => setDraft({ ...draft, content })} />
      ${saving.problem && !conflict && html`<p class="alert" role="alert">${t("Couldn't save. {reason}", { reason: sentenceOf(saving.problem.failure) })}</p>`}
      <div class="form__buttons">
        ${
          conflict
            ? html`
                <button class="button button--small" type="button" onClick=${takeTheirs}>${t('Use their version')}</button>
                <button class="button button--main" type="submit" disabled=${saving.busy || tooLong}>${t('Overwrite with mine')}</button>
              `
            : html`
                <button class="button button--small" type="button" onClick=${close}>${t('Cancel')}</button>
                <button class="button button--main" type="submit" disabled=${saving.busy || tooLong} data-tip=${t('Save')} data-tip-more=${t('Ctrl Enter')}>${saving.busy ? t('Saving…') : t('Save')}</button>
              `
        }
      </div>
    </form>
  `;
}

/** @param {{ theirs: MemoryBlock | PrivateNote, mine: string }} props */
function Conflict({ theirs, mine }) {
  return html`
    <div class="conflict" role="alert">
      <p class="conflict__title">${theirs.version === 0 ? t('Someone else deleted this block') : t('Someone else edited this block')}</p>
      <p class="quiet">${t('Your text is kept. Compare the two versions, copy what you need, then use theirs or overwrite it with yours.')}</p>
    </div>
    <div class="conflict__texts">
      <section aria-label=${t('Their version')}>
        <h3 class="field__label">${t('Their version')} · ${theirs.version === 0 ? t('deleted') : `${t('version {version}', { version: theirs.version })} · ${inlineMomentLabel(new Date(theirs.updatedAt), new Date())}`}</h3>
        <div class="conflict__text" tabindex="0" dir="auto">${theirs.content}</div>
      </section>
      <section aria-label=${t('Changes from theirs to yours')}>
        <h3 class="field__label">${t('Changes from theirs to yours')}</h3>
        <${Diff} before=${theirs.content} after=${mine} label=${t('Changes from theirs to yours')} />
      </section>
    </div>
  `;
}

/** @param {unknown} details @returns {unknown} */
function currentOf(details) {
  const { current } = /** @type {{ current?: unknown }} */ (details ?? {});
  return current ?? null;
}

/**
 * What is there of a block that somebody has deleted: writing version 0 makes it anew.
 * @template {MemoryBlock | PrivateNote} Block
 * @param {Block} block @returns {Block}
 */
function deleted(block) {
  return { ...block, version: 0, content: '' };
}

/** @param {HTMLElement | null} form the end of what is there is where one goes on writing */
function focusInside(form) {
  const area = form?.querySelector('textarea');
  if (!area || document.activeElement !== document.body) return;
  area.focus();
  area.setSelectionRange(area.value.length, area.value.length);
}
