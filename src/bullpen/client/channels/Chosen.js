import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { userOf } from '../core/store/store.js';
import { Avatar } from '../ui/Avatar.js';
import { Icon } from '../ui/Icon.js';

/** The members chosen so far, each of whom can be taken out again. @param {{ ids: import('@preact/signals').Signal<string[]> }} props */
export function Chosen({ ids }) {
  return html`
    <ul class="chosen" aria-label=${t('Chosen members')}>
      ${ids.value.map((id) => {
        const user = userOf(id);
        return html`
          <li key=${id} class="chip chosen__one">
            <${Avatar} user=${user} size=${16} /> <span dir="auto">${user.displayName}</span>
            <button class="chosen__remove" type="button" aria-label=${t('Remove {name}', { name: user.displayName })} onClick=${() => {
              ids.value = ids.value.filter((other) => other !== id);
            }}><${Icon} name="x" size=${14} /></button>
          </li>
        `;
      })}
    </ul>
  `;
}
