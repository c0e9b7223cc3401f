import { useComputed, useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { answers } from '../core/store/answers.js';
import { addressOfMember, userOf } from '../core/store/store.js';
import { AgentBadge } from '../ui/AgentBadge.js';
import { Avatar } from '../ui/Avatar.js';
import { Icon } from '../ui/Icon.js';
import { daysOf } from './days.js';
import { MessageText } from './MessageText.js';

/** @import { Message, PartialAnswer, Place, ThreadReply } from '../core/types.js' */

/**
 * What agents are writing here, below the last message. The line below announces it once to screen readers, and read
 * the message when it is sent.
 * @param {{ channelId: string, rootId: string | null, last: Message | ThreadReply | undefined }} props
 */
export function PartialAnswers({ channelId, rootId, last }) {
  const shown = useComputed(() =>
    Object.values(answers.value).filter(
      (one) =>
        one.channelId === channelId &&
        one.parentMessageId === rootId &&
        (one.text !== '' || one.thinking !== ''),
    ),
  ).value;
  if (shown.length === 0) return null;
  return html`<ol class="partial-answers" aria-label=${t('Being written')} aria-live="off" aria-busy="true">
    ${shown.map((answer) => html`<${Row} key=${answer.runId} answer=${answer} last=${last} />`)}
  </ol>`;
}

/** Looks as the message will, so that nothing moves when that takes its place. @param {{ answer: PartialAnswer, last: Message | ThreadReply | undefined }} props */
function Row({ answer, last }) {
  const author = userOf(answer.agentId);
  const grouped = follows(answer, last);
  return html`<li class=${`message partial-answer${grouped ? ' message--grouped' : ''}`} data-run-id=${answer.runId}>
    <div class="message__gutter">
      ${!grouped && html`<span class="message__face" aria-hidden="true"><${Avatar} user=${author} size=${36} /></span>`}
    </div>
    <div class="message__body">
      <div class=${grouped ? 'visually-hidden' : 'message__head'}>
        <a class="message__author" href=${addressOfMember(author.id)} dir="auto">${author.displayName}</a>
        <${AgentBadge} user=${author} />
      </div>
      ${answer.thinking && html`<${Thinking} text=${answer.thinking} busy=${answer.text === ''} />`}
      ${answer.text && html`<${MessageText} text=${answer.text} />`}
    </div>
  </li>`;
}

/** @param {{ text: string, busy: boolean }} props */
function Thinking({ text, busy }) {
  const open = useSignal(false);
  return html`<div class="thinking">
    <button class="thinking__fold" type="button" aria-expanded=${open.value} onClick=${() => {
      open.value = !open.value;
    }}>
      <${Icon} name="chevron-right" size=${14} /> ${busy ? t('Thinking…') : t('Thoughts')}
    </button>
    ${open.value && html`<div class="thinking__text" dir="auto">${text}</div>`}
  </div>`;
}

/** @param {PartialAnswer} answer @param {Message | ThreadReply | undefined} last */
function follows(answer, last) {
  if (!last) return false;
  const made = { ...last, id: answer.runId, userId: answer.agentId, timestamp: new Date().toISOString() };
  const row = daysOf([last, { ...made, notice: undefined }])
    .at(-1)
    ?.rows.at(-1);
  return row?.grouped ?? false;
}
