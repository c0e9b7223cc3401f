import { drafts, isBegun } from '../composer/drafts.js';
import { addressOf } from '../core/addresses.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { presenceNotes } from '../core/presence.js';
import { route } from '../core/router.js';
import { badgeOf, otherMember, preferencesOf, session, titleOf, userOf } from '../core/store/store.js';
import { Avatar } from '../ui/Avatar.js';
import { Icon } from '../ui/Icon.js';

/** @import { Channel } from '../core/types.js' */

/** @param {{ channel: Channel }} props */
export function ChannelRow({ channel }) {
  const isPrivate = channel.kind === 'private';
  return html`
    <${SidebarRow}
      channel=${channel}
      name=${channel.name}
      note=${isPrivate ? t('private') : ''}
      symbol=${html`<${Icon} name=${isPrivate ? 'lock' : 'hash'} size=${16} />`}
    />
  `;
}

/** @param {{ channel: Channel }} props */
export function DirectMessageRow({ channel }) {
  if (channel.kind === 'group_dm')
    return html`<${SidebarRow} channel=${channel} name=${titleOf(channel)} note=${t('group message')} symbol=${html`<${Faces} channel=${channel} />`} />`;
  const user = otherMember(channel);
  return html`
    <${SidebarRow}
      channel=${channel}
      name=${titleOf(channel)}
      note=${presenceNotes[user.presence]}
      symbol=${html`<${Avatar} user=${user} size=${20} presence />`}
    />
  `;
}

/** Two of a group, one behind the other. @param {{ channel: Channel }} props */
function Faces({ channel }) {
  const me = session.value?.userId;
  const others = channel.memberIds.filter((id) => id !== me).slice(0, 2);
  return html`<span class="sidebar__faces">${others.map((id) => html`<${Avatar} key=${id} user=${userOf(id)} size=${16} />`)}</span>`;
}

/** @param {{ channel: Channel, name: string, note: string, symbol: unknown }} props */
function SidebarRow({ channel, name, note, symbol }) {
  const here = route.value;
  const open = here.view === 'channel' && here.channelId === channel.id;
  const { count, unread, isBold } = badgeOf(channel.id, open);
  const { isMuted } = preferencesOf(channel.id);
  const drafted =
    !open && Object.values(drafts.value).some((draft) => draft.channelId === channel.id && isBegun(draft));
  const forMe = count > 0 && count < unread && t('{count} for you', { count });
  const label = [
    name,
    note,
    unread > 0 && t('{count} unread', { count: unread }),
    forMe,
    isMuted && t('muted'),
    drafted && t('draft'),
  ]
    .filter(Boolean)
    .join(', ');
  return html`
    <li>
      <a
        class=${`sidebar__row${isBold ? ' sidebar__row--unread' : ''}${isMuted ? ' sidebar__row--muted' : ''}`}
        href=${addressOf(channel)}
        aria-current=${open ? 'page' : undefined}
        aria-label=${label}
      >
        <span class="sidebar__symbol">${symbol}</span>
        <span class="sidebar__name">${name}</span>
        ${drafted && html`<span class="sidebar__draft"><${Icon} name="pencil" size=${14} /></span>`}
        ${count > 0 && html`<span class="sidebar__badge">${count > 99 ? '99+' : count}</span>`}
      </a>
    </li>
  `;
}
