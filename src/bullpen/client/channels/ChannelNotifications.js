import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';
import { isMine, preferencesOf } from '../core/store/store.js';
import { useSave } from '../ui/use-save.js';
import { setPreferences } from './requests.js';

/** @import { Channel } from '../core/types.js' */

const levels = /** @type {const} */ ([
  { level: 'default', words: t('Mentions (default)') },
  { level: 'all', words: t('All messages') },
  { level: 'mentions', words: t('Only mentions') },
  { level: 'nothing', words: t('Nothing') },
]);

/** Of which messages of a channel its reader is notified. @param {{ channel: Channel }} props */
export function ChannelNotifications({ channel }) {
  const saving = useSave();
  if (!isMine(channel)) return null;
  return html`
    <div class="about__part field">
      <label class="field__label" for="channel-notifies">${t('Notify me of')}</label>
      <select class="input" id="channel-notifies" value=${preferencesOf(channel.id).notifies ?? 'default'} disabled=${saving.busy}
        onChange=${(/** @type {globalThis.Event} */ event) => {
          const { value } = /** @type {HTMLSelectElement} */ (event.target);
          const notifies = /** @type {(typeof levels)[number]['level']} */ (value);
          saving.save(() => setPreferences(channel.id, { notifies }));
        }}>
        ${levels.map(({ level, words }) => html`<option key=${level} value=${level}>${words}</option>`)}
      </select>
      ${saving.problem && html`<p class="field__error" role="alert">${sentenceOf(saving.problem.failure)}</p>`}
    </div>
  `;
}
