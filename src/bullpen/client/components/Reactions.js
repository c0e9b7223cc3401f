import { html } from '../app/html.js';
import { session, userOf } from '../app/store.js';

/** @import { Reaction } from '../app/types.js' */

/** @param {{ reactions: Reaction[] }} props */
export function Reactions({ reactions }) {
  return html`
    <ul class="reactions" aria-label="Reactions">
      ${reactions.map(({ emoji, userIds }) => {
        const names = userIds.map((id) => userOf(id).displayName).join(', ');
        const mine = userIds.includes(session.value?.userId ?? '');
        return html`
          <li key=${emoji}>
            <span
              class=${`reaction${mine ? ' reaction--mine' : ''}`}
              role="img"
              aria-label=${`${emoji} ${userIds.length}: ${names}`}
              tabindex="-1"
              data-roving
              data-tip=${names}
              data-tip-emoji=${emoji}
            >
              <span class="reaction__emoji">${emoji}</span>
              <span class="reaction__count">${userIds.length}</span>
            </span>
          </li>
        `;
      })}
    </ul>
  `;
}
