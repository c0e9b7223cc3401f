import { html } from '../core/html.js';
import { locale, t } from '../core/language.js';
import { Collapsible } from '../ui/Collapsible.js';
import { Icon } from '../ui/Icon.js';
import { Part } from './Part.js';

/** @import { Thought } from '../core/types.js' */

/** What the model wrote besides calls; its own thinking is folded. @param {{ thoughts: Thought[] }} props */
export function Thoughts({ thoughts }) {
  if (thoughts.length === 0) return null;
  return html`
    <${Part} title=${t('What it thought')} count=${thoughts.length}>
      <ul class="why__list">
        ${thoughts.map((thought, at) =>
          thought.isThinking
            ? html`<li key=${at}><details class="why__fold"><summary><${Icon} name="brain" size=${14} /> ${t('Thinking')} <span class="quiet">${t('{count} characters', { count: thought.text.length.toLocaleString(locale) })}</span></summary><p class="why__text" dir="auto">${thought.text}</p></details></li>`
            : html`<li key=${at}><${Collapsible} class="why__text" text=${thought.text} most=${600} lines=${8} /></li>`,
        )}
      </ul>
    <//>
  `;
}
