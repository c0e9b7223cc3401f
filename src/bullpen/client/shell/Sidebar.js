import { useEffect, useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { isDirect } from '../core/kinds.js';
import { t } from '../core/language.js';
import { parts } from '../core/late-components.js';
import { compareNames } from '../core/name-order.js';
import { presenceNotes } from '../core/presence.js';
import { route } from '../core/router.js';
import { isListed } from '../core/store/badges.js';
import { isShown, sectionIdOf, sectionsOf, titleOfSection } from '../core/store/sections.js';
import {
  badgeOf,
  channels,
  dueReminders,
  inboxBadge,
  isGuest,
  isOfAgents,
  layout,
  preferencesOf,
  scheduledCounts,
  session,
  titleOf,
  userOf,
} from '../core/store/store.js';
import { Avatar } from '../ui/Avatar.js';
import { Icon } from '../ui/Icon.js';
import { SidebarSkeleton } from '../ui/Skeleton.js';
import { ChannelRow, DirectMessageRow } from './SidebarRow.js';

/** @import { Channel, SidebarSection } from '../core/types.js' */

const switchKeys = /mac|iphone|ipad/i.test(navigator.platform) ? '⌘ K' : t('Ctrl K');

export function Sidebar() {
  const known = channels.value;
  const all = Object.values(known ?? {});
  const me = session.value?.userId ?? '';
  const listed = all.filter((one) => isListed({ ...one, isOpen: isOpen(one) }, me));
  const places = listed.filter((one) => !isDirect(one));
  const direct = listed.filter(isDirect).toSorted((a, b) => compareNames(titleOf(a), titleOf(b)));
  const lists = useRef(/** @type {HTMLElement | null} */ (null));

  useEffect(() => {
    lists.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [known, route.value]);

  return html`
    <nav class="sidebar" aria-label=${t('Channels and direct messages')}>
      <div class="sidebar__head"><span class="sidebar__workspace">${session.value?.workspace.name}</span>
        <${UnreadOnly} />
        <button
          class="icon-button"
          type="button"
          aria-label=${t('Jump to a channel or person')}
          data-tip=${t('Jump to')}
          data-tip-more=${switchKeys}
          data-tip-side="bottom"
          data-dialog="switcher"
        ><${Icon} name="compass" size=${18} /></button>
      </div>
      <div class="sidebar__lists" ref=${lists}>
        ${
          known && session.value
            ? html`
                <div class="sidebar__pages">
                  <${InboxLink} />
                  ${!isGuest.value && html`<${PageLink} page="activity" icon="bot" name=${t('Activity')} />`}
                  <${SavedLink} />
                  <${ScheduledLink} />
                </div>
                ${sectionsOf(layout.value).map((section) => html`<${Section} key=${section.id} section=${section} channels=${[...places, ...direct].filter((channel) => sectionOf(channel) === section.id)} />`)}
                <${BetweenAgents} channels=${all.filter(isOfAgents)} />
                <button class="sidebar__row sidebar__arrange" type="button" aria-haspopup="dialog" data-dialog="sections"><span class="sidebar__symbol"><${Icon} name="layout-list" size=${16} /></span>${t('Arrange the sidebar')}</button>
              `
            : html`<${SidebarSkeleton} />`
        }
      </div>
      <${CurrentUser} />
    </nav>
  `;
}

function InboxLink() {
  const { count, isBold } = inboxBadge.value;
  const label = isBold
    ? count > 0
      ? t('Inbox, {count} unread', { count })
      : t('Inbox, unread reactions')
    : undefined;
  return html`<${PageLink} page="inbox" icon="inbox" name=${t('Inbox')} count=${count} isBold=${isBold} label=${label} />`;
}

function SavedLink() {
  const due = dueReminders.value;
  return html`<${PageLink} page="saved" icon="bookmark" name=${t('Saved')} count=${due} isBold=${due > 0} label=${due > 0 ? t('Saved, {due} due', { due }) : undefined} />`;
}

function ScheduledLink() {
  const { all, failed } = scheduledCounts.value;
  const here = route.value;
  if (all === 0 && !(here.view === 'page' && here.page === 'scheduled')) return null;
  const label = failed > 0 ? t('Scheduled, {failed} not sent', { failed }) : undefined;
  return html`<${PageLink} page="scheduled" icon="clock" name=${t('Scheduled')} count=${failed} isBold=${failed > 0} label=${label} />`;
}

/** @param {{ page: string, icon: string, name: string, count?: number, isBold?: boolean, label?: string }} props */
function PageLink({ page, icon, name, count = 0, isBold = false, label }) {
  const here = route.value;
  const open = here.view === 'page' && here.page === page;
  return html`
    <a
      class=${`sidebar__row${isBold ? ' sidebar__row--unread' : ''}`}
      href=${`/${page}`}
      aria-current=${open ? 'page' : undefined}
      aria-label=${label}
    >
      <span class="sidebar__symbol"><${Icon} name=${icon} size=${16} /></span>
      <span class="sidebar__name">${name}</span>
      ${count > 0 && html`<span class="sidebar__badge">${count > 99 ? '99+' : count}</span>`}
    </a>
  `;
}

/** @param {Channel} channel */
const sectionOf = ({ id, kind }) =>
  sectionIdOf({ id, kind, isStarred: preferencesOf(id).isStarred }, layout.value);

/** @param {Channel} channel */
const rowOf = (channel) =>
  isDirect(channel)
    ? html`<${DirectMessageRow} key=${channel.id} channel=${channel} />`
    : html`<${ChannelRow} key=${channel.id} channel=${channel} />`;

/** @param {Channel} channel */
function isOpen({ id }) {
  const here = route.value;
  return here.view === 'channel' && here.channelId === id;
}

/** What can be done in the sections that everybody has. @type {Record<string, { id: string, add: string, dialog: string, all: string, allIcon: string, allDialog: string }>} */
const tools = {
  channels: {
    id: 'channels',
    add: t('Create a channel'),
    dialog: 'new-channel',
    all: t('All channels'),
    allIcon: 'compass',
    allDialog: 'channels',
  },
  direct: {
    id: 'direct-messages',
    add: t('New message'),
    dialog: 'people',
    all: t('All members'),
    allIcon: 'users',
    allDialog: 'members',
  },
};

/** @param {{ section: SidebarSection, channels: Channel[] }} props */
function Section({ section, channels }) {
  const { id, isCollapsed } = section;
  if (id === 'starred' && channels.length === 0) return null;
  const tool = tools[id];
  const name = tool?.id ?? `section-${id}`;
  const { isUnreadOnly } = layout.value;
  const shown = channels.filter((channel) => {
    const open = isOpen(channel);
    return isShown({ isCollapsed, isUnreadOnly, isBold: badgeOf(channel.id, open).isBold, isOpen: open });
  });
  return html`
    <section class="sidebar__section">
      <div class="sidebar__heading">
        <h2 class="sidebar__title" id=${name}>
          <button class="sidebar__fold" type="button" aria-expanded=${!isCollapsed} onClick=${() => parts.value?.changeSection(id, { isCollapsed: !isCollapsed })}>${isCollapsed && html`<${Icon} name="chevron-right" size=${14} />`}<span dir="auto">${titleOfSection(section)}</span></button>
        </h2>
        ${tool && html`<button class="icon-button" type="button" aria-label=${tool.all} data-tip=${tool.all} data-tip-side="right" data-dialog=${tool.allDialog}><${Icon} name=${tool.allIcon} size=${16} /></button>`}
        ${tool && html`<button class="icon-button" type="button" aria-label=${tool.add} data-tip=${tool.add} data-tip-side="right" data-dialog=${tool.dialog}><${Icon} name="plus" size=${16} /></button>`}
      </div>
      ${shown.length > 0 && html`<ul class="sidebar__rows" aria-labelledby=${name}>${shown.map(rowOf)}</ul>`}
    </section>
  `;
}

/** Shows only what is unread, or everything. */
function UnreadOnly() {
  const { isUnreadOnly } = layout.value;
  return html`
    <button
      class="icon-button"
      type="button"
      aria-label=${t('Unread only')}
      aria-pressed=${isUnreadOnly}
      data-tip=${isUnreadOnly ? t('Show all conversations') : t('Show only what is unread')}
      data-tip-side="bottom"
      onClick=${() => parts.value?.arrange({ isUnreadOnly: !isUnreadOnly })}
    ><${Icon} name="list-filter" size=${18} /></button>
  `;
}

/** What an administrator reads of agents' private conversations, out of the way. @param {{ channels: Channel[] }} props */
function BetweenAgents({ channels }) {
  const here = route.value;
  if (channels.length === 0) return null;
  const isOpen = here.view === 'channel' && channels.some(({ id }) => id === here.channelId);
  return html`
    <details class="sidebar__section sidebar__agents" open=${isOpen || undefined}>
      <summary class="sidebar__heading"><${Icon} name="chevron-right" size=${14} /><h2 class="sidebar__title" id="between-agents">${t('Between agents')}</h2></summary>
      <p class="sidebar__note">${t('Private conversations of agents alone. Administrators can read them.')}</p>
      <ul class="sidebar__rows" aria-labelledby="between-agents">${channels.toSorted((a, b) => compareNames(titleOf(a), titleOf(b))).map(rowOf)}</ul>
    </details>
  `;
}

function CurrentUser() {
  const userId = session.value?.userId;
  if (!userId) return html`<div class="sidebar__me"></div>`;
  const user = userOf(userId);
  const { displayName, title, presence, status } = user;
  const said = [
    displayName,
    title,
    presenceNotes[presence],
    status && `${status.emoji} ${status.text}`.trim(),
  ];
  return html`
    <button class="sidebar__me" type="button" aria-label=${t('{list}: status and settings', { list: said.filter(Boolean).join(', ') })} aria-haspopup="dialog" data-dialog="me">
      <${Avatar} user=${user} size=${36} presence />
      <span class="sidebar__me-text">
        <span class="sidebar__me-name">${displayName} ${status && html`<span class="sidebar__me-status">${status.emoji}</span>`}</span>
        <span class="sidebar__me-title">${title}</span>
      </span>
    </button>
  `;
}
