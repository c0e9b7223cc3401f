import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { keyOf, readEntry, writeEntry } from '../core/storage.js';
import { Icon } from '../ui/Icon.js';
import { repliesAreScripted } from './scripted-replies.js';

const key = keyOf('script-bar-closed');

/** Says that no model answers here, until somebody closes it. */
export function ScriptBar() {
  const closed = useSignal(readEntry(key) === true);
  if (!repliesAreScripted.value || closed.value) return null;
  return html`
    <p class="composer__script">
      <span>${t('Replies are scripted.')}</span>${' '}<a href="/models">${t('Connect a model')}</a>
      <button class="composer__close" type="button" aria-label=${t('Hide this note')} data-tip=${t('Hide')} onClick=${() => {
        writeEntry(key, true);
        closed.value = true;
      }}><${Icon} name="x" size=${14} /></button>
    </p>
  `;
}
