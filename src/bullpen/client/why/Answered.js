import { addressOf } from '../core/addresses.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { channels, titleOf, userOf } from '../core/store/store.js';
import { momentLabel } from '../core/time-format.js';
import { Part } from './Part.js';

/** @import { AnsweredMessage } from '../core/types.js' */

/** What the run was to answer. @param {{ answered: AnsweredMessage[], kind: string | null }} props */
export function Answered({ answered, kind }) {
  if (answered.length === 0)
    return html`<${Part} title=${t('Cause')}><p>${kind === 'schedule' ? t('It was planned: the time of a scheduled message had come.') : t('The messages that it answered have been deleted.')}</p><//>`;
  return html`
    <${Part} title=${t('What it was answering')}>
      <ul class="why__list">
        ${answered.map((message) => {
          const channel = channels.value?.[message.channelId];
          const address = channel && addressOf(channel, message.parentMessageId, message.id);
          return html`
            <li key=${message.id} class="why__quote">
              <span class="why__by"><strong>${userOf(message.userId).displayName}</strong> <span class="quiet">${channel && titleOf(channel)} · ${momentLabel(new Date(message.timestamp), new Date())}</span></span>
              <span class="why__text" dir="auto">${message.text}${message.isCut && '…'}</span>
              ${address && html`<a class="plain-link" href=${address}>${t('Go to the message')}</a>`}
            </li>
          `;
        })}
      </ul>
    <//>
  `;
}
