import { html } from '../app/html.js';
import { otherMember } from '../app/store.js';
import { Avatar } from './Avatar.js';
import { SidebarRow } from './SidebarRow.js';

/** @import { Channel } from '../app/types.js' */

/** @param {{ channel: Channel }} props */
export function DirectMessageRow({ channel }) {
  const user = otherMember(channel);
  return html`
    <${SidebarRow}
      channel=${channel}
      name=${user.displayName}
      note=${user.presence}
      symbol=${html`<${Avatar} user=${user} size=${20} presence />`}
    />
  `;
}
