import { useLayoutEffect, useRef } from 'preact/hooks';
import { html } from '../../core/html.js';
import { t } from '../../core/language.js';
import { sentenceOf } from '../../core/refusals.js';
import { draftAfterSave } from '../../ui/after-save.js';
import { Field, submitOnCtrlEnter } from '../../ui/Field.js';
import { useDraft } from '../../ui/form-drafts.js';
import { useSave } from '../../ui/use-save.js';
import { addPassage } from './requests.js';
import { tagsOf } from './tags.js';

/** @import { Agent } from '../../core/types.js' */

/** @param {{ agent: Agent, added: () => void }} props */
export function NewPassage({ agent, added }) {
  const [draft = { content: '', tags: '' }, setDraft] = useDraft(
    /** @type {string} */ (`new-passage:${agent.id}`),
  );
  const { content, tags } = /** @type {{ content: string, tags: string }} */ (draft);
  const saving = useSave();
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  const fields = saving.problem?.fields ?? {};

  useLayoutEffect(() => form.current?.querySelector('textarea')?.focus(), []);

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    if (content.trim() === '') return;
    const answer = await saving.save(() => addPassage(agent.id, { content, tags: tagsOf(tags) }));
    if (!answer) return;
    setDraft(draftAfterSave(draft));
    added();
  }

  return html`
    <form class="card new" onSubmit=${submit} onKeyDown=${submitOnCtrlEnter} ref=${form} aria-label=${t('New passage')}>
      <${Field} label=${t('Content')} name="passage-content" tag="textarea" limit=${20_000} value=${content} error=${fields.content}
        onInput=${(/** @type {string} */ value) => setDraft({ content: value, tags })} />
      <${Field} label=${t('Tags')} name="passage-tags" value=${tags} error=${fields.tags} hint=${t('Separate with commas')} placeholder=${t('clients, pricing')}
        onInput=${(/** @type {string} */ value) => setDraft({ content, tags: value })} />
      ${saving.problem && Object.keys(fields).length === 0 && html`<p class="alert" role="alert">${t("Couldn't add the passage. {reason}", { reason: sentenceOf(saving.problem.failure) })}</p>`}
      <div class="form__buttons">
        <button class="button button--small" type="button" onClick=${() => setDraft(undefined)}>${t('Cancel')}</button>
        <button class="button button--main" type="submit" disabled=${saving.busy || content.trim() === ''}>${t('Add passage')}</button>
      </div>
    </form>
  `;
}
