import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { plural, t } from '../core/language.js';
import { addressOfMember, userOf } from '../core/store/store.js';
import { fullLabel, today } from '../core/time.js';
import { MessageText } from '../messages/MessageText.js';
import { AgentBadge } from '../ui/AgentBadge.js';
import { Avatar } from '../ui/Avatar.js';
import { Empty } from '../ui/Empty.js';
import { More } from '../ui/More.js';
import { Failed } from '../ui/Notice.js';
import { MessagesSkeleton } from '../ui/Skeleton.js';
import { useLoaded, usePages } from '../ui/use-loaded.js';
import { getPastMessages, getPastReplies } from './requests.js';

/** @import { PastMessage } from '../core/types.js' */

/** The newest messages of a moment, newest first. @param {{ channelId: string, at: string }} props */
export function PastMessages({ channelId, at }) {
  const pages = usePages(
    `past:${channelId}:${at}`,
    async (/** @type {string | undefined} */ before) => {
      const { messages, hasOlder } = await getPastMessages(channelId, at, before);
      return { items: messages.toReversed(), next: hasOlder ? (messages[0]?.id ?? null) : null };
    },
    { keep: true },
  );
  return html`
    <section aria-labelledby="history-messages" aria-busy=${pages.busy}>
      <h2 class="form__title" id="history-messages">${t('Messages, newest first')}</h2>
      ${body()}
    </section>
  `;

  function body() {
    if (pages.failure) return html`<${Failed} failure=${pages.failure} retry=${pages.reload} />`;
    if (!pages.items) return html`<${MessagesSkeleton} />`;
    if (pages.items.length === 0)
      return html`<${Empty} icon="message-square-text" title=${t('No messages yet')} text=${t('Nothing had been written here at that moment.')} />`;
    return html`
      <ol class="history__messages">
        ${pages.items.map((message) => html`<${PastMessageRow} key=${message.id} message=${message} at=${at} />`)}
      </ol>
      <${More} pages=${pages} label=${t('Older messages')} />
    `;
  }
}

/** @param {{ message: PastMessage, at: string, inThread?: boolean }} props */
function PastMessageRow({ message, at, inThread = false }) {
  const isOpen = useSignal(false);
  const author = userOf(message.userId);
  const count = message.threadReplyCount;
  return html`
    <li class="past">
      <${Avatar} user=${author} size=${36} />
      <div class="past__body">
        <div class="past__head">
          <a class="past__author" href=${addressOfMember(author.id)} dir="auto">${author.displayName}</a>
          <${AgentBadge} user=${author} />
          <time class="past__time" datetime=${message.timestamp}>${fullLabel(new Date(message.timestamp), today.value)}</time>
        </div>
        ${message.parentMessageId && !inThread && html`<p class="past__note">${t('Replied to a thread')}</p>`}
        <${MessageText} text=${message.text} />
        ${message.isLaterText && html`<p class="past__note">${t('Edited later. What it said at this moment was not kept.')}</p>`}
        ${
          message.reactions.length > 0 &&
          html`<ul class="past__reactions" aria-label=${t('Reactions')}>
            ${message.reactions.map(({ emoji, userIds }) => html`<li key=${emoji} class="chip"><span aria-label=${`${emoji} ${userIds.length}: ${userIds.map((id) => userOf(id).displayName).join(', ')}`} role="img">${emoji} ${userIds.length}</span></li>`)}
          </ul>`
        }
        ${
          count > 0 &&
          html`<button class="button button--small button--quiet" type="button" aria-expanded=${isOpen.value} onClick=${() => {
            isOpen.value = !isOpen.value;
          }}>${isOpen.value ? plural(count, 'Hide {count} reply', 'Hide {count} replies') : plural(count, 'Show {count} reply', 'Show {count} replies')}</button>`
        }
        ${isOpen.value && html`<${PastReplies} messageId=${message.id} at=${at} />`}
      </div>
    </li>
  `;
}

/** @param {{ messageId: string, at: string }} props */
function PastReplies({ messageId, at }) {
  const replies = useLoaded(`past-replies:${messageId}:${at}`, () => getPastReplies(messageId, at), {
    keep: true,
  });
  if (replies.failure) return html`<${Failed} failure=${replies.failure} retry=${replies.reload} />`;
  if (!replies.data) return html`<${MessagesSkeleton} rows=${2} />`;
  return html`<ol class="history__messages history__messages--replies">
    ${replies.data.messages.map((message) => html`<${PastMessageRow} key=${message.id} message=${message} at=${at} inThread />`)}
  </ol>`;
}
