import { useRef, useState } from 'preact/hooks';
import { html } from '../core/html.js';
import { isDirect } from '../core/kinds.js';
import { plural, t } from '../core/language.js';
import { presenceNotes } from '../core/presence.js';
import { addressOfMember, session, userOf } from '../core/store/store.js';
import { AgentBadge } from '../ui/AgentBadge.js';
import { Avatar } from '../ui/Avatar.js';
import { Icon } from '../ui/Icon.js';

/** @import { Channel } from '../core/types.js' */

const facesShown = 3;

/** The channel's members as faces and a count, with a list of them that opens below. @param {{ channel: Channel }} props */
export function MembersButton({ channel }) {
  const button = useRef(/** @type {HTMLElement | null} */ (null));
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  // Hundreds of rows that nobody looks at would slow down each opening of a channel.
  const [isOpen, setOpen] = useState(false);
  const members = channel.memberIds.map(userOf);
  const count = plural(members.length, '{count} member', '{count} members');

  /** @param {ToggleEvent} event below the button, its right edge under the button's */
  function toggled(event) {
    setOpen(event.newState === 'open');
    if (event.newState !== 'open' || !button.current || !list.current) return;
    // Where there is no room for it, the name of a group opens the list.
    const { right, bottom } = button.current.getBoundingClientRect();
    const isHidden = bottom === 0;
    list.current.style.top = `${isHidden ? 62 : bottom + 6}px`;
    list.current.style.right = `${isHidden ? 8 : Math.max(8, innerWidth - right)}px`;
  }

  return html`
    <button class=${`members__button${isDirect(channel) ? ' members__button--dm' : ''}`} type="button" popovertarget="members" ref=${button}>
      <span class="members__faces">
        ${members.slice(0, facesShown).map((user) => html`<${Avatar} key=${user.id} user=${user} size=${24} />`)}
      </span>
      <${Icon} name="users" size=${18} />
      <span class="visually-hidden">${t('Show the {count}', { count })}</span>
      <span aria-hidden="true">${members.length}</span>
    </button>
    <div
      id="members"
      class="members"
      popover
      role="dialog"
      aria-labelledby="members-title"
      onBeforeToggle=${toggled}
      ref=${list}
    >
      <h2 id="members-title" class="members__title">${count}</h2>
      <ul class="members__list" tabindex="0" aria-labelledby="members-title" autofocus>
        ${(isOpen ? members : []).map(
          (user) => html`
            <li key=${user.id} class="members__item">
              <a class="members__row" href=${addressOfMember(user.id)}>
                <${Avatar} user=${user} size=${36} presence />
                <span class="members__text">
                  <span class="members__line"><span class="members__name">${user.displayName}</span><${AgentBadge} user=${user} /></span>
                  <span class="members__detail">${user.title}<span class="visually-hidden">, ${presenceNotes[user.presence]}</span></span>
                </span>
              </a>
              ${
                user.id !== session.value?.userId &&
                html`<button class="icon-button" type="button" aria-label=${t('Message {name}', { name: user.displayName })} data-message=${user.id}><${Icon} name="message-circle" size=${16} /></button>`
              }
            </li>
          `,
        )}
      </ul>
      ${
        channel.kind === 'group_dm' &&
        members.some((user) => user.kind === 'agent') &&
        html`<button class="button button--small members__replies" type="button" aria-haspopup="dialog" data-dialog="group-replies" data-about=${channel.id}>${t('Choose who replies')}</button>`
      }
    </div>
  `;
}
