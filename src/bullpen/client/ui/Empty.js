import { html } from '../core/html.js';
import { Icon } from './Icon.js';

/** @param {{ icon: string, title: string, text: string }} props */
export function Empty({ icon, title, text }) {
  return html`
    <div class="empty">
      <span class="notice__icon"><${Icon} name=${icon} size=${28} strokeWidth=${1.75} /></span>
      <p class="empty__title">${title}</p>
      <p class="empty__text">${text}</p>
    </div>
  `;
}
