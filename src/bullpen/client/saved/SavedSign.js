import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { state } from '../core/store/store.js';
import { inlineMomentLabel } from '../core/time-format.js';
import { Icon } from '../ui/Icon.js';

/** Beside a message that is saved. @param {{ messageId: string }} props */
export function SavedSign({ messageId }) {
  const mark = state.value.saved[messageId];
  if (!mark) return null;
  const words = wordsFor(mark);
  return html`<span class=${`message__saved${mark.isDue ? ' message__saved--due' : ''}`} data-tip=${words}><${Icon} name="bookmark" size=${14} /><span class="visually-hidden">${words}</span></span>`;
}

/** @param {import('../core/types.js').SavedMark} mark */
export function wordsFor({ remindAt, isDue }) {
  if (!remindAt) return t('Saved for later');
  const when = inlineMomentLabel(new Date(remindAt), new Date());
  return isDue ? t('Reminder since {when}', { when }) : t('Saved, with a reminder {when}', { when });
}
