import { useSignal } from '@preact/signals';
import { copyText } from '../core/clipboard.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { dropEdit } from '../messages/edit-outbox.js';
import { edits } from '../messages/unsaved-edits.js';
import { drafts, isBegun, setDraft } from './drafts.js';

/**
 * What the current user has typed where it cannot be sent any more: in a channel that is gone, or in one thread of it.
 * @param {{ channelId: string, rootId?: string, why: string }} props
 */
export function KeptTexts({ channelId, rootId, why }) {
  /** @param {{ channelId: string, parentMessageId: string | null }} place */
  const isHere = (place) =>
    place.channelId === channelId && (rootId === undefined || place.parentMessageId === rootId);
  return html`
    ${Object.values(drafts.value)
      .filter((draft) => isHere(draft) && isBegun(draft))
      .map(
        (draft) =>
          html`<${KeptText} key=${draft.parentMessageId} why=${why} text=${draft.text} discard=${() => setDraft(draft, '')} />`,
      )}
    ${Object.values(edits.value)
      .filter(isHere)
      .map(
        (edit) =>
          html`<${KeptText} key=${edit.messageId} why=${why} text=${edit.text} discard=${() => dropEdit(edit.messageId)} />`,
      )}
  `;
}

/** Changes of messages that were deleted meanwhile. @param {{ channelId: string }} props */
export function LostEdits({ channelId }) {
  return Object.values(edits.value)
    .filter((edit) => edit.status === 'gone' && edit.channelId === channelId)
    .map(
      (edit) =>
        html`<${KeptText} key=${edit.messageId} why=${t('The message that you were editing was deleted.')} text=${edit.text} discard=${() => dropEdit(edit.messageId)} />`,
    );
}

/** A text that cannot be sent where it was written, because that is gone: to be taken elsewhere. @param {{ why: string, text: string, discard: () => void }} props */
function KeptText({ why, text, discard }) {
  const copied = useSignal(/** @type {boolean | null} */ (null));

  async function onCopy() {
    copied.value = await copyText(text);
  }

  return html`
    <section class="kept-text" aria-label=${why}>
      <p class="kept-text__why"><strong>${t('Your text is kept.')}</strong> ${why}</p>
      <p class="kept-text__text" dir="auto" tabindex="0">${text}</p>
      <div class="kept-text__acts">
        <span class="kept-text__said" role="status">${copied.value === null ? '' : copied.value ? t('Copied') : t('Couldn’t copy. Select the text instead.')}</span>
        <button class="button button--small" type="button" onClick=${discard}>${t('Discard')}</button>
        <button class="button button--small" type="button" onClick=${onCopy}>${t('Copy text')}</button>
      </div>
    </section>
  `;
}
