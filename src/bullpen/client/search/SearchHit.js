import { addressOf } from '../core/addresses.js';
import { archived } from '../core/archived.js';
import { html } from '../core/html.js';
import { isDirect } from '../core/kinds.js';
import { t } from '../core/language.js';
import { channels, titleOf, userOf } from '../core/store/store.js';
import { fullLabel, today } from '../core/time.js';
import { AgentBadge } from '../ui/AgentBadge.js';
import { Avatar } from '../ui/Avatar.js';
import { Icon } from '../ui/Icon.js';
import { snippetOf } from './snippet.js';

/** @import { SearchHit as Hit } from '../core/types.js' */

/** One message that was found; the whole of it leads to where it stands. @param {{ hit: Hit }} props */
export function SearchHit({ hit }) {
  const { message, channelId, parentMessageId, segments, fileId } = hit;
  const file = message.files?.find(({ id }) => id === fileId);
  const shown = file ? segments : snippetOf(message.text, segments);
  const author = userOf(message.userId);
  const old = archived.value[channelId];
  const channel = channels.value?.[channelId] ?? old ?? undefined;
  const place = channel ? titleOf(channel) : channelId;
  const where = [
    channel && isDirect(channel) ? t('DM with {names}', { names: place }) : t('in {place}', { place }),
    parentMessageId && t('thread'),
    old && t('archived'),
  ]
    .filter(Boolean)
    .join(' · ');
  return html`
    <li class="hit">
      <${Avatar} user=${author} size=${36} />
      <div class="hit__body">
        <h2 class="hit__head">
          <a class="hit__link" href=${addressOf(channel ?? { id: channelId, kind: 'public' }, parentMessageId, message.id)}>
            <span class="hit__author" dir="auto">${author.displayName}</span>
            ${' '}<${AgentBadge} user=${author} />
            ${' '}<span class="hit__place" dir="auto">${where}</span>
            ${' '}<time class="hit__time" datetime=${message.timestamp}>${fullLabel(new Date(message.timestamp), today.value)}</time>
          </a>
        </h2>
        ${file && html`<p class="hit__file"><${Icon} name="file" size=${14} /> <span dir="auto">${file.name}</span></p>`}
        <p class="hit__text" dir="auto">${!file && isCut(hit) && '… '}${shown.map(({ text, hit: found }, at) => (found ? html`<mark key=${at}>${text}</mark>` : text))}</p>
      </div>
    </li>
  `;
}

/** Whether what is shown begins somewhere within the message. @param {Hit} hit */
function isCut({ message, segments }) {
  const [first] = segments;
  return first !== undefined && !message.text.trimStart().startsWith(first.text.trimStart());
}
