import { html } from '../core/html.js';
import { sentence, t } from '../core/language.js';
import { addressOfMember, isActive, otherMember } from '../core/store/store.js';

/** @import { Channel } from '../core/types.js' */

/** Above the composer of a DM whose other member was deactivated. @param {{ channel: Channel }} props */
export function InactiveNote({ channel }) {
  const other = channel.kind === 'dm' ? otherMember(channel) : null;
  if (!other || isActive(other.id) !== false) return null;
  return html`
    <p class="composer__note" role="status">
      ${sentence(t('<strong>{name} is inactive</strong> and will not answer. <link>Open profile</link>'), { name: other.displayName, strong: (/** @type {unknown} */ inner) => html`<strong>${inner}</strong>`, link: (/** @type {string} */ words) => html`<a class="composer__link" href=${addressOfMember(other.id)}>${words}</a>` })}
    </p>
  `;
}
