import { useComputed } from '@preact/signals';
import { html } from '../core/html.js';
import { isDirect } from '../core/kinds.js';
import { sentence, t } from '../core/language.js';
import { editing, focused, hovered, parts, shownAs } from '../core/late-components.js';
import { addressOfMember, channels, session, userOf } from '../core/store/store.js';
import { fullLabel, gutterTime, timeLabel } from '../core/time.js';
import { AgentBadge } from '../ui/AgentBadge.js';
import { Avatar } from '../ui/Avatar.js';
import { Icon } from '../ui/Icon.js';
import { Attachments } from './Attachments.js';
import { LinkPreviews } from './LinkPreviews.js';
import { MessageText } from './MessageText.js';
import { RepliedTo } from './RepliedTo.js';
import { ThreadPreview } from './ThreadPreview.js';
import { edits, shownText } from './unsaved-edits.js';

/** @import { Message as ChannelMessage, Reaction, ThreadReply } from '../core/types.js' */
/** @import { Row } from './days.js' */

/** @import { Pending } from '../core/types.js' */

/** @import { StoppedRun } from '../core/types.js' */

/** @param {{ row: Row<ChannelMessage | ThreadReply>, today: Date, channelId: string, threads?: boolean, tag?: string, linked?: boolean, stopped?: StoppedRun[] | undefined }} props stopped: runs of a Stop that is said here */
export function Message({
  row,
  today,
  channelId,
  threads = false,
  tag = 'li',
  linked = false,
  stopped = [],
}) {
  const { message, date, grouped } = row;
  const pending = 'pending' in message ? /** @type {Pending} */ (message.pending) : null;
  const { id } = message;
  const here = shownAs(id, !threads);
  const live = parts.value;
  const pointed = useComputed(() => (hovered.value ?? focused.value) === here).value;
  const edited = useComputed(() => editing.value === here).value;
  const edit = useComputed(() => edits.value[id]).value;
  const author = userOf(message.userId);
  const channel = channels.value?.[channelId];
  const inChannel = !(channel && isDirect(channel)) && !('parentMessageId' in message);
  const notifies = inChannel && author.kind === 'person';
  if (message.notice) return noticeRow();
  const replies = threads && 'threadReplyCount' in message && message.threadReplyCount > 0 ? message : null;
  return html`
    <${tag}
      class=${['message', grouped && 'message--grouped', pending && `message--${pending.status}`, linked && 'message--linked'].filter(Boolean).join(' ')}
      data-message-id=${id}
      tabindex="-1"
    >
      <div class="message__gutter">
        ${
          grouped
            ? html`<time class="message__gutter-time" datetime=${message.timestamp} aria-hidden="true">${gutterTime(date)}</time>`
            : html`<a class="message__face" href=${addressOfMember(author.id)} tabindex="-1" aria-hidden="true"><${Avatar} user=${author} size=${36} /></a>`
        }
      </div>
      ${live && !pending && html`<${live.SavedSign} messageId=${id} />`}
      <div class="message__body">
        <div class=${grouped ? 'visually-hidden' : 'message__head'}>
          <a class="message__author" href=${addressOfMember(author.id)} dir="auto" tabindex="-1" data-roving=${grouped ? undefined : true}>${author.displayName}</a>
          <${AgentBadge} user=${author} />
          ${author.status && !grouped && html`<${Status} status=${author.status} />`}
          <time
            class="message__time"
            datetime=${message.timestamp}
            data-tip=${fullLabel(date, today)}
          >${timeLabel(date)}</time>
        </div>
        ${message.repliedTo && html`<${RepliedTo} message=${message} channelId=${channelId} inThread=${!threads} />`}
        ${
          edited && live
            ? html`<${live.Editor} message=${message} channelId=${channelId} />`
            : html`<${MessageText} text=${shownText(message, edit)} notifies=${notifies} />`
        }
        ${message.files && html`<${Attachments} files=${message.files} messageId=${id} />`}
        ${message.previews && !edited && html`<${LinkPreviews} message=${message} />`}
        ${edit && live && !edited && html`<${live.EditNote} message=${message} channelId=${channelId} here=${here} />`}
        ${message.editedAt && !edited && !edit && html`<button class="message__edited" type="button" tabindex="-1" data-roving data-dialog="versions" data-about=${id} data-tip=${t('Edited {time}', { time: fullLabel(new Date(message.editedAt), today) })}>${sentence(t('(edited)<span> Show history</span>'), { span: (/** @type {string} */ words) => html`<span class="visually-hidden">${words}</span>` })}</button>`}
        ${message.pin && html`<p class="message__pin"><${Icon} name="pin" size=${12} /> ${sentence(t('Pinned by {name}'), { name: html`<span dir="auto">${userOf(message.pin.userId).displayName}</span>` })}</p>`}
        ${live && author.kind === 'agent' && !pending && !edited && html`<${live.MindLine} messageId=${id} channelId=${channelId} />`}
        ${stopped.length > 0 && live && html`<${live.StoppedNote} stopped=${stopped} member=${isMember(channelId)} />`}
        ${pending && live && html`<${live.PendingNote} pending=${pending} />`}
        ${
          message.reactions.length > 0 &&
          html`<${Reactions} reactions=${message.reactions} toggle=${(/** @type {string} */ emoji) => live?.toggleReaction(message, channelId, emoji)} />`
        }
        ${replies && html`<${ThreadPreview} message=${replies} today=${today} />`}
      </div>
      ${pointed && !edited && !pending && live && html`<${live.Actions} message=${message} channelId=${channelId} inThread=${!threads} />`}
    <//>
  `;

  /** A line of the system: it says why an agent does not answer. */
  function noticeRow() {
    const problem = message.notice?.problem ?? message.text;
    return html`
      <${tag} class=${`message message--system${linked ? ' message--linked' : ''}`} data-message-id=${id} tabindex="-1">
        <div class="message__gutter system__sign" aria-hidden="true">!</div>
        <div class="message__body">
          <p class="system__text">
            ${sentence(t('{name} couldn’t answer: {problem}'), { name: html`<a class="system__who" href=${addressOfMember(author.id)} dir="auto" tabindex="-1" data-roving>${author.displayName}</a>`, problem: html`<span dir="auto">${problem}</span>` })}
          </p>
          <p class="system__foot">
            <time datetime=${message.timestamp} data-tip=${fullLabel(date, today)}>${timeLabel(date)}</time>
            ${live && html`<${live.NoticeActions} notice=${message.notice} name=${author.displayName} member=${isMember(channelId)} />`}
          </p>
          ${stopped.length > 0 && live && html`<${live.StoppedNote} stopped=${stopped} member=${isMember(channelId)} />`}
        </div>
      <//>
    `;
  }
}

/** @param {string} channelId */
function isMember(channelId) {
  return channels.value?.[channelId]?.memberIds.includes(session.value?.userId ?? '') ?? false;
}

/** @param {{ status: { emoji: string, text: string } }} props */
function Status({ status }) {
  return html`<span class="message__status" role="img" aria-label=${t('Status: {text}', { text: status.text })} data-tip=${status.text}>${status.emoji}</span>`;
}

/** Choosing one adds oneself to it, or takes oneself away. @param {{ reactions: Reaction[], toggle: (emoji: string) => void }} props */
function Reactions({ reactions, toggle }) {
  return html`
    <ul class="reactions" aria-label=${t('Reactions')}>
      ${reactions.map(({ emoji, userIds }) => {
        const names = userIds.map((id) => userOf(id).displayName).join(', ');
        const mine = userIds.includes(session.value?.userId ?? '');
        return html`
          <li key=${emoji}>
            <button
              class=${`reaction${mine ? ' reaction--mine' : ''}`}
              type="button"
              aria-pressed=${mine}
              aria-label=${`${emoji} ${userIds.length}: ${names}`}
              tabindex="-1"
              data-roving
              data-tip=${names}
              data-tip-emoji=${emoji}
              onClick=${() => toggle(emoji)}
            >
              <span class="reaction__emoji">${emoji}</span>
              <span class="reaction__count">${userIds.length}</span>
            </button>
          </li>
        `;
      })}
    </ul>
  `;
}
