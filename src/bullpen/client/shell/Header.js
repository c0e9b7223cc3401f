import { MembersButton } from '../channels/MembersButton.js';
import { addressOfSearch } from '../core/addresses.js';
import { html } from '../core/html.js';
import { isDirect } from '../core/kinds.js';
import { sentence, t } from '../core/language.js';
import { parts } from '../core/late-components.js';
import { addressOfMember, isActive, isMine, isOfAgents, otherMember, titleOf } from '../core/store/store.js';
import { AgentBadge } from '../ui/AgentBadge.js';
import { Avatar } from '../ui/Avatar.js';
import { Icon } from '../ui/Icon.js';
import { drawerOpen } from './viewport.js';

/** @import { Channel } from '../core/types.js' */

/** @param {{ channel: Channel | undefined, missing: boolean }} props */
export function Header({ channel, missing }) {
  return html`
    <header class="header">
      <${MenuButton} />
      ${heading(channel, missing)}
      <${SearchLink} />
      ${
        channel &&
        isMine(channel) &&
        html`<span class=${`header__preferences${isDirect(channel) ? ' header__preferences--dm' : ''}`}>${parts.value && html`<${parts.value.ChannelPreferences} channel=${channel} />`}</span>`
      }
      ${channel && html`<span class="header__mind">${parts.value && html`<${parts.value.MindSwitch} channelId=${channel.id} />`}</span>`}
      ${channel && html`<${PinsButton} channel=${channel} />`}
      ${channel && isDirect(channel) && isMine(channel) && html`<${AddPeopleButton} channel=${channel} />`}
      ${channel && channel.kind !== 'dm' && !channel.isArchived && html`<${MembersButton} channel=${channel} />`}
      ${channel && !isDirect(channel) && !channel.isArchived && html`<${AboutButton} channel=${channel} />`}
    </header>
  `;
}

/** Opens what a narrow window keeps out of sight. */
export function MenuButton() {
  return html`
    <button
      class="header__menu icon-button"
      type="button"
      aria-label=${t('Channels and members')}
      aria-expanded=${drawerOpen.value}
      onClick=${() => {
        drawerOpen.value = true;
      }}
    >
      <${Icon} name="menu" size=${20} />
    </button>
  `;
}

function SearchLink() {
  return html`
    <a class="header__search" href=${addressOfSearch()}>
      <${Icon} name="search" size=${16} /><span class="header__search-text">${sentence(t('Search<span> messages</span>'), { span: (/** @type {string} */ words) => html`<span class="visually-hidden">${words}</span>` })}</span>
    </a>
  `;
}

/** @param {{ channel: Channel }} props */
function PinsButton({ channel }) {
  const label = t('Pinned messages');
  return html`<${DialogButton} look="header__pins" dialog="pins" icon="pin" label=${label} tip=${label} channel=${channel} />`;
}

/** @param {{ channel: Channel }} props */
function AboutButton({ channel }) {
  const label = t('About #{channel}', { channel: channel.name });
  return html`<${DialogButton} look="header__about" dialog="channel" icon="ellipsis" label=${label} tip=${t('Name, topic, members')} channel=${channel} />`;
}

/** For a conversation with more people; this one keeps its members. @param {{ channel: Channel }} props */
function AddPeopleButton({ channel }) {
  const label = t('New group message with more people');
  return html`<${DialogButton} look="header__more-people" dialog="new-group" icon="user-plus" label=${label} tip=${t('Group message with more people')} channel=${channel} />`;
}

/**
 * Opens that dialog about the channel.
 *
 * @param {{ look: string, dialog: string, icon: string, label: string, tip: string, channel: Channel }} props
 */
function DialogButton({ look, dialog, icon, label, tip, channel }) {
  return html`
    <button
      class=${`${look} icon-button`}
      type="button"
      aria-label=${label}
      aria-haspopup="dialog"
      data-tip=${tip}
      data-tip-side="bottom"
      data-dialog=${dialog}
      data-about=${channel.id}
    ><${Icon} name=${icon} size=${18} /></button>
  `;
}

/** @param {Channel | undefined} channel @param {boolean} missing */
function heading(channel, missing) {
  if (missing) return html`<h1 class="header__name" tabindex="-1">${t('Not found')}</h1>`;
  if (!channel) {
    return html`<h1 class="header__name" tabindex="-1">
      <span class="visually-hidden">${t('Loading')}</span><span class="skeleton header__waiting"></span>
    </h1>`;
  }
  return isDirect(channel) ? directMessageHeading(channel) : channelHeading(channel);
}

/** @param {Channel} channel */
function channelHeading(channel) {
  const isPrivate = channel.kind === 'private';
  return html`
    <h1 class="header__name" tabindex="-1">
      <${Icon} name=${isPrivate ? 'lock' : 'hash'} size=${18} strokeWidth=${2.4} />
      ${isPrivate && html`<span class="visually-hidden">${t('Private channel')} </span>`}
      <span class="header__name-text">${channel.name}</span>
    </h1>
    <p class="header__topic" data-tip=${channel.topic} data-tip-side="bottom" data-tip-if-cut dir="auto">${channel.topic}</p>
  `;
}

/** @param {Channel} channel */
function directMessageHeading(channel) {
  if (isOfAgents(channel))
    return html`<h1 class="header__name" tabindex="-1"><span class="header__name-text">${titleOf(channel)}</span></h1>`;
  if (channel.kind === 'group_dm')
    return html`<h1 class="header__name" tabindex="-1"><button class="header__agent" type="button" popovertarget="members"><span class="header__name-text" data-tip=${titleOf(channel)} data-tip-side="bottom" data-tip-if-cut dir="auto">${titleOf(channel)}</span></button></h1>`;
  const user = otherMember(channel);
  return html`
    <h1 class="header__name" tabindex="-1">
      <a class="header__agent" href=${addressOfMember(user.id)}>
        <${Avatar} user=${user} size=${24} presence />
        <span class="header__name-text">${user.displayName}</span>
      </a>
    </h1>
    <${AgentBadge} user=${user} />
    <p class="header__topic">
      <span class="header__presence">${isActive(user.id) === false ? t('Inactive') : presenceWords[user.presence]}</span>
      ${user.title && html`<span class="header__part">${user.title}</span>`}
      ${user.status && html`<span class="header__part">${user.status.emoji} ${user.status.text}</span>`}
    </p>
  `;
}

export const presenceWords = { active: t('Active'), away: t('Away'), offline: t('Offline') };
