import { addressOfAgent } from '../app/addresses.js';
import { html } from '../app/html.js';
import { isActive, otherMember, session, userOf } from '../app/store.js';

/** @import { Channel } from '../app/types.js' */

/** In place of the composer, for a member who was deactivated. */
export function InactiveMember() {
  const me = userOf(session.value?.userId ?? '');
  return html`
    <div class="composer">
      <div class="composer__line"></div>
      <div class="composer__box composer__join">
        <p role="status"><strong>${me.displayName} is inactive</strong> and cannot write. Act as another member to write, or to activate ${me.displayName} again.</p>
      </div>
    </div>
  `;
}

/** Above the composer of a DM whose other member was deactivated. @param {{ channel: Channel }} props */
export function InactiveNote({ channel }) {
  const other = channel.kind === 'dm' ? otherMember(channel) : null;
  if (!other || isActive(other.id) !== false) return null;
  return html`
    <p class="composer__note" role="status">
      <strong>${other.displayName} is inactive</strong> and will not answer.
      <a class="composer__link" href=${addressOfAgent(other.id)}>Open profile</a>
    </p>
  `;
}
