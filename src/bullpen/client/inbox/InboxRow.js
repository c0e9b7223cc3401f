import { addressOf } from '../core/addresses.js';
import { archived } from '../core/archived.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { channels, session, titleOf, userOf } from '../core/store/store.js';
import { today } from '../core/time.js';
import { distanceLabel, momentLabel } from '../core/time-format.js';
import { plainText } from '../messages/plain-text.js';
import { Avatar } from '../ui/Avatar.js';
import { Icon } from '../ui/Icon.js';
import { keyOf, titleOfItem } from './inbox-items.js';

/** @import { InboxItem, InboxKind } from '../core/types.js' */

/** @type {Record<InboxKind, string>} */
const icons = { thread: 'messages-square', mention: 'at-sign', reaction: 'face-slightly-smiling' };

/** @param {{ item: InboxItem, mark: (item: InboxItem, isRead: boolean) => void }} props */
export function InboxRow({ item, mark }) {
  void today.value;
  const { kind, channelId, isUnread } = item;
  const me = session.value?.userId ?? '';
  const now = new Date();
  const moment = new Date(item.timestamp);
  const channel = channels.value?.[channelId] ?? archived.value[channelId];
  const place = channel ? titleOf(channel) : channelId;
  const { who, did } = titleOfItem(item, me, (id) => userOf(id).displayName);
  const faceOf = kind === 'reaction' ? (item.reactions?.[0]?.userIds[0] ?? me) : item.userId;
  const address = addressOf(
    channel ?? { id: channelId, kind: 'public' },
    item.parentMessageId ?? null,
    item.messageId,
  );
  const verb = isUnread ? t('Mark as read') : t('Mark as unread');
  return html`
    <li class=${`inbox__item${isUnread ? ' inbox__item--unread' : ''}`}>
      <a class="inbox__row" href=${address} data-inbox=${keyOf(item)} tabindex="-1" onClick=${() => isUnread && mark(item, true)}>
        <span class="inbox__face"><${Avatar} user=${userOf(faceOf)} size=${36} /><span class=${`inbox__kind inbox__kind--${kind}`}><${Icon} name=${icons[kind]} size=${12} strokeWidth=${2.5} /></span></span>
        <span class="inbox__what">
          <span class="inbox__head">
            ${isUnread && html`<span class="visually-hidden">${t('Unread:')} </span>`}
            <strong class="inbox__who" dir="auto">${who}</strong>${' '}<span>${did}</span>${' '}<span class="inbox__place"><span class="visually-hidden">${t('in')} </span>${place}</span>
          </span>
          <span class="inbox__text" dir="auto">${plainText(item.text) || t('A file')}</span>
        </span>
        <span class="inbox__side">
          <time datetime=${item.timestamp} data-tip=${momentLabel(moment, now)}>${distanceLabel(moment, now)}</time>
          ${item.unreadCount !== undefined && html`<span class="inbox__count">${t('{count} new', { count: item.unreadCount })}</span>`}
        </span>
      </a>
      <button
        class="inbox__mark icon-button"
        type="button"
        aria-label=${t('{verb}: {who} {did} in {place}', { verb, who, did, place })}
        data-tip=${verb}
        data-tip-more="E"
        onClick=${() => mark(item, isUnread)}
      ><${Icon} name=${isUnread ? 'check' : 'message-circle'} size=${18} /></button>
    </li>
  `;
}
