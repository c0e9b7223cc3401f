import { useEffect } from 'preact/hooks';
import { html } from '../core/html.js';
import { isDirect } from '../core/kinds.js';
import { sentence, t } from '../core/language.js';
import { loadUnknownUsers } from '../core/loading.js';
import { channels, isMine, titleOf, userOf } from '../core/store/store.js';
import { useEvents } from '../core/store/use-events.js';
import { momentLabel } from '../core/time-format.js';
import { Dialog } from '../ui/Dialog.js';
import { Icon } from '../ui/Icon.js';
import { Failed } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { useLoaded } from '../ui/use-loaded.js';
import { MessageCard } from './MessageCard.js';
import { togglePin } from './message-actions.js';
import { getPins } from './requests.js';

/** @import { LogEvent, Message } from '../core/types.js' */

/** What is pinned in a channel, the newest pin first. @param {{ about: string }} props id of the channel */
export function PinsDialog({ about: channelId }) {
  const { data, failure, reload } = useLoaded(`pins:${channelId}`, () => getPins(channelId));
  useEvents((event) => concerns(event, channelId), reload);
  useEffect(() => {
    loadUnknownUsers((data ?? []).flatMap(({ userId, pin }) => (pin ? [userId, pin.userId] : [userId])));
  }, [data]);
  const channel = channels.value?.[channelId];
  const member = channel !== undefined && isMine(channel);
  const title =
    channel && !isDirect(channel)
      ? t('Pinned messages in {channel}', { channel: titleOf(channel) })
      : t('Pinned messages');
  return html`
    <${Dialog} name="pins" title=${title}>
      <div class="dialog__body" tabindex="0" role="group" aria-label=${t('Pinned messages')}>
        ${content()}
      </div>
    <//>
  `;

  function content() {
    if (failure) return html`<${Failed} failure=${failure} retry=${reload} />`;
    if (!data) return html`<${PageSkeleton} label=${t('Loading pinned messages')} />`;
    if (data.length === 0)
      return html`<p class="quiet" role="status">${t('Nothing is pinned here yet. Pin a message to keep it at hand for everybody.')}</p>`;
    return html`<ul class="message-cards">${data.map(card)}</ul>`;
  }

  /** @param {Message} message */
  function card(message) {
    const { pin } = message;
    const detail =
      pin &&
      sentence(t('Pinned by {name}, {time}'), {
        time: momentLabel(new Date(pin.timestamp), new Date()),
        name: html`<span dir="auto">${userOf(pin.userId).displayName}</span>`,
      });
    const actions =
      member &&
      html`<button class="icon-button" type="button" aria-label=${t('Unpin')} data-tip=${t('Unpin')} onClick=${() => togglePin(message)}><${Icon} name="pin-off" size=${16} /></button>`;
    return html`<${MessageCard} key=${message.id} message=${message} detail=${detail} actions=${actions} />`;
  }
}

/** @param {LogEvent} event @param {string} channelId */
function concerns(event, channelId) {
  if (event.type === 'reset') return true;
  return (
    ['message.updated', 'message.deleted', 'message.restored'].includes(event.type) &&
    'channelId' in event &&
    event.channelId === channelId
  );
}
