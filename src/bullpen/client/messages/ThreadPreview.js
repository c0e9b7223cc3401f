import { addressOf } from '../core/addresses.js';
import { html } from '../core/html.js';
import { plural, t } from '../core/language.js';
import { route } from '../core/router.js';
import { channels, state, userOf } from '../core/store/store.js';
import { lastReplyLabel } from '../core/time.js';
import { Avatar } from '../ui/Avatar.js';
import { Icon } from '../ui/Icon.js';

/** @import { Message } from '../core/types.js' */

const facesShown = 5;

/** @param {{ message: Message, today: Date }} props */
export function ThreadPreview({ message, today }) {
  const channel = channels.value?.[message.channelId] ?? { id: message.channelId, kind: 'public' };
  const here = route.value;
  const open = here.view === 'channel' && here.threadId === message.id;
  const participants = (message.threadParticipantIds ?? []).map(userOf);
  const unread = state.value.unreadThreads[message.id]?.unreadCount ?? 0;
  const more = participants.length - facesShown;
  return html`
    <a
      class="thread-preview"
      tabindex="-1"
      data-roving
      href=${addressOf(channel, message.id)}
      aria-current=${open ? 'true' : undefined}
    >
      <span class="thread-preview__faces">
        ${participants.slice(0, facesShown).map((user) => html`<${Avatar} key=${user.id} user=${user} size=${24} />`)}
        ${more > 0 && html`<span class="thread-preview__more" aria-hidden="true">+${more}</span>`}
      </span>
      <span class="visually-hidden">${participants.map((user) => user.displayName).join(', ')}: </span>
      <span class="thread-preview__count">${repliesLabel(message.threadReplyCount)}</span>
      ${unread > 0 && html`<span class="thread-preview__new">${t('{count} new', { count: unread })}</span>`}
      ${
        message.lastReplyAt &&
        html`<span class="thread-preview__last">
          <span class="thread-preview__words">${t('Last reply')} </span><time datetime=${message.lastReplyAt}>${lastReplyLabel(new Date(message.lastReplyAt), today)}</time>
        </span>`
      }
      <span class="thread-preview__view" aria-hidden="true">${t('View thread')}</span>
      <${Icon} name="chevron-right" size=${16} />
    </a>
  `;
}

/** @param {number} count */
export function repliesLabel(count) {
  return plural(count, '{count} reply', '{count} replies');
}
