import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { state } from '../core/store/store.js';
import { wordsOf } from '../core/words.js';
import { Field } from '../ui/Field.js';
import { useDraftedSignal } from '../ui/form-drafts.js';
import { changeNotifications } from './notification-requests.js';

const most = 50;
const longest = 100;

/** Words of which the current user is notified, wherever they are written in their channels. */
export function Keywords() {
  const saved = state.value.notifications.keywords.join(', ');
  const typed = useDraftedSignal('keywords', saved);
  const busy = useSignal(false);
  const keywords = keywordsIn(typed.value);
  const problem = problemOf(keywords);

  /** @param {SubmitEvent} event */
  async function save(event) {
    event.preventDefault();
    if (busy.value || problem) return;
    busy.value = true;
    const sent = typed.value;
    // What could not be saved stays in the field.
    if ((await changeNotifications({ keywords })) && typed.value === sent) typed.value = keywords.join(', ');
    busy.value = false;
  }

  return html`
    <form onSubmit=${save}>
      <${Field}
        label=${t('Keywords')}
        name="keywords"
        value=${typed.value}
        error=${problem}
        hint=${t('Notify me of these words in my channels. Separate them with commas. Only you see them.')}
        placeholder=${t('paper, Q3 numbers')}
        onInput=${(/** @type {string} */ value) => {
          typed.value = value;
        }}
        action=${
          keywords.join(', ') !== saved &&
          html`<button class="button button--small notification-times__save" type="submit" disabled=${busy.value || problem !== undefined}>${t('Save keywords')}</button>`
        }
      />
    </form>
  `;
}

/** Each once, in the order in which they were typed. @param {string} text */
function keywordsIn(text) {
  const found = new Map();
  for (const part of text.split(/[,\n，、]/u)) {
    const keyword = part.trim().replace(/\s+/gu, ' ');
    const key = wordsOf(keyword).join(' ') || keyword;
    if (keyword !== '' && !found.has(key)) found.set(key, keyword);
  }
  return [...found.values()];
}

/** @param {string[]} keywords */
function problemOf(keywords) {
  if (keywords.length > most)
    return t('You can have {most} keywords. Remove {count}.', { most, count: keywords.length - most });
  const long = keywords.find((keyword) => keyword.length > longest);
  if (long !== undefined)
    return t('A keyword can have {longest} characters. Shorten “{keyword}…”.', {
      longest,
      keyword: long.slice(0, 20),
    });
  const empty = keywords.find((keyword) => wordsOf(keyword).length === 0);
  return empty === undefined ? undefined : t('“{empty}” has no letter, digit or emoji.', { empty });
}
