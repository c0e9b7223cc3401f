import { html } from '../app/html.js';
import { Icon } from './Icon.js';
import { SidebarRow } from './SidebarRow.js';

/** @import { Channel } from '../app/types.js' */

/** @param {{ channel: Channel }} props */
export function ChannelRow({ channel }) {
  const isPrivate = channel.kind === 'private';
  return html`
    <${SidebarRow}
      channel=${channel}
      name=${channel.name}
      note=${isPrivate ? 'private' : ''}
      symbol=${html`<${Icon} name=${isPrivate ? 'lock' : 'hash'} size=${16} />`}
    />
  `;
}
