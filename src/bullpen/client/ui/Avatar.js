import { useState } from 'preact/hooks';
import { html } from '../core/html.js';
import { avatarColors, initialsOf } from './avatar-colors.js';

/** @import { User } from '../core/types.js' */

/**
 * A user's picture, or their initials where there is none or it cannot be loaded. The name is always written beside it,
 * or is the label of the button around it, so nobody who listens to the page needs the picture.
 * @param {{ user: User, size: 16 | 20 | 24 | 36 | 64, presence?: boolean }} props
 */
export function Avatar({ user, size, presence = false }) {
  const { background, ink } = avatarColors(user.avatarColor);
  const [unavailable, setUnavailable] = useState('');
  const picture = user.picture === unavailable ? undefined : user.picture;
  return html`
    <span class=${`avatar avatar--${size}`} aria-hidden="true">
      <span class="avatar__face" style=${{ backgroundColor: background, color: ink }}>
        ${
          picture
            ? html`<img key=${picture} class="avatar__picture" src=${picture} alt="" width=${size} height=${size} draggable=${false} onError=${() => setUnavailable(picture)} />`
            : initialsOf(user.displayName)
        }
      </span>
      ${presence && html`<span class=${`presence presence--${user.presence}`}></span>`}
    </span>
  `;
}
