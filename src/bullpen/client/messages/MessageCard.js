import { addressOf } from '../core/addresses.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { channels, userOf } from '../core/store/store.js';
import { fullLabel, today } from '../core/time.js';
import { AgentBadge } from '../ui/AgentBadge.js';
import { Avatar } from '../ui/Avatar.js';
import { Icon } from '../ui/Icon.js';
import { Attachments } from './Attachments.js';
import { MessageText } from './MessageText.js';

/** @import { Message } from '../core/types.js' */

/**
 * A message in a list apart from its conversation, with a link to its place.
 * @param {{ message: Message, detail?: unknown, actions?: unknown }} props
 */
export function MessageCard({ message, detail, actions }) {
  const { channelId, parentMessageId = null } = message;
  const author = userOf(message.userId);
  const channel = channels.value?.[channelId] ?? { id: channelId, kind: 'public' };
  const time = fullLabel(new Date(message.timestamp), today.value);
  return html`
    <li class="message-card">
      <${Avatar} user=${author} size=${36} />
      <div>
        <p class="message-card__head">
          <span class="message-card__author" dir="auto">${author.displayName}</span><${AgentBadge} user=${author} />
          <a class="message-card__detail" href=${addressOf(channel, parentMessageId, message.id)}><time datetime=${message.timestamp}>${time}</time>${parentMessageId ? ` · ${t('thread')}` : ''}<span class="visually-hidden"> ${t('Show the message')}</span></a>
        </p>
        <div class="message-card__text"><${MessageText} text=${message.text} /></div>
        ${message.files && html`<${Attachments} files=${message.files} messageId=${message.id} />`}
        ${detail && html`<p class="message-card__detail">${detail}</p>`}
      </div>
      <div class="message-card__actions">${actions}</div>
    </li>
  `;
}

/** A button among the actions of a card. @param {string} name @param {string} icon @param {() => void} act */
export function cardAction(name, icon, act) {
  return html`<button class="icon-button" type="button" aria-label=${name} data-tip=${name} onClick=${act}><${Icon} name=${icon} size=${16} /></button>`;
}
