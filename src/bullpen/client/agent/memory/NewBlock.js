import { useLayoutEffect, useRef } from 'preact/hooks';
import { html } from '../../core/html.js';
import { t } from '../../core/language.js';
import { sentenceOf } from '../../core/refusals.js';
import { draftAfterSave } from '../../ui/after-save.js';
import { Field, submitOnCtrlEnter } from '../../ui/Field.js';
import { useDraft } from '../../ui/form-drafts.js';
import { useSave } from '../../ui/use-save.js';
import { putBlock } from './requests.js';

/** @import { Agent } from '../../core/types.js' */

const limit = 10_000;

/** @param {{ agent: Agent, taken: string[], made: () => void }} props */
export function NewBlock({ agent, taken, made }) {
  const [draft = { label: '', content: '' }, setDraft] = useDraft(
    /** @type {string} */ (`new-block:${agent.id}`),
  );
  const { label, content } = /** @type {{ label: string, content: string }} */ (draft);
  const saving = useSave();
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  const isTaken = taken.includes(label.trim());
  const wrong = isTaken
    ? t('A block with this label already exists.')
    : label.includes('/')
      ? t('Labels can\'t contain "/".')
      : undefined;
  const fields = saving.problem?.fields ?? {};

  useLayoutEffect(() => form.current?.querySelector('input')?.focus(), []);

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    if (wrong || label.trim() === '') return;
    const answer = await saving.save(() => putBlock(agent.id, label.trim(), { content, version: 0 }));
    if (!answer) return;
    setDraft(draftAfterSave(draft));
    made();
  }

  return html`
    <form class="card new" onSubmit=${submit} onKeyDown=${submitOnCtrlEnter} ref=${form} aria-label=${t('New block')}>
      <${Field} label=${t('Label')} name="new-label" value=${label} required spellcheck=${false} placeholder=${t('current_project')}
        maxlength=${80} error=${wrong ?? fields.label}
        onInput=${(/** @type {string} */ value) => setDraft({ label: value, content })} />
      <${Field} label=${t('Content')} name="new-content" tag="textarea" value=${content} limit=${limit} error=${fields.content}
        onInput=${(/** @type {string} */ value) => setDraft({ label, content: value })} />
      ${saving.problem && Object.keys(fields).length === 0 && html`<p class="alert" role="alert">${t("Couldn't add the block. {reason}", { reason: sentenceOf(saving.problem.failure) })}</p>`}
      <div class="form__buttons">
        <button class="button button--small" type="button" onClick=${() => setDraft(undefined)}>${t('Cancel')}</button>
        <button class="button button--main" type="submit" disabled=${saving.busy || wrong !== undefined}>${t('Add block')}</button>
      </div>
    </form>
  `;
}
