import { html } from '../core/html.js';
import { avatarColors, initialsOf } from './avatar-colors.js';

/** @import { User } from '../core/types.js' */

/** @param {{ user: User, size: 16 | 20 | 24 | 36 | 64, presence?: boolean }} props */
export function Avatar({ user, size, presence = false }) {
  const { background, ink } = avatarColors(user.avatarColor);
  return html`
    <span class=${`avatar avatar--${size}`} aria-hidden="true">
      <span class="avatar__face" style=${{ backgroundColor: background, color: ink }}>
        ${initialsOf(user.displayName)}
      </span>
      ${presence && html`<span class=${`presence presence--${user.presence}`}></span>`}
    </span>
  `;
}
