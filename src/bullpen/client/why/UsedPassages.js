import { addressOfPassage } from '../core/addresses.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { Collapsible } from '../ui/Collapsible.js';
import { Part } from './Part.js';

/** @import { UsedPassage } from '../core/types.js' */

/** What it found in its archive, as it was then. @param {{ passages: UsedPassage[], agentId: string }} props */
export function UsedPassages({ passages, agentId }) {
  if (passages.length === 0) return null;
  return html`
    <${Part} title=${t('Passages it read')} count=${passages.length}>
      <ul class="why__list">
        ${passages.map(
          (one, at) => html`
            <li key=${at} class="why__quote">
              <${Collapsible} class="why__text" text=${one.content} most=${400} lines=${6} />
              <span class="quiet">${one.tags.map((tag) => `#${tag} `)}${one.passageId ? html`<a class="plain-link" href=${addressOfPassage(agentId, one.passageId)}>${t('In the archive today')}</a>` : t('Deleted since, or from before passages were linked')}</span>
            </li>
          `,
        )}
      </ul>
    <//>
  `;
}
