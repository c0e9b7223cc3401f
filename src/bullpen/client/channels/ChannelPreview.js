import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { plural, t } from '../core/language.js';
import { loadUnknownUsers } from '../core/loading.js';
import { useEvents } from '../core/store/use-events.js';
import { MessageCard } from '../messages/MessageCard.js';
import { Failed } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { useLoaded } from '../ui/use-loaded.js';
import { getNewest } from './requests.js';

/** @import { Channel, LogEvent, Message } from '../core/types.js' */

const most = 5;

/** The newest messages of a channel that one has not joined, the newest last. @param {{ channel: Channel, id: string }} props */
export function ChannelPreview({ channel, id }) {
  const { data, failure, reload } = useLoaded(`preview:${channel.id}`, () => getNewest(channel.id, most));
  useEvents((event) => concerns(event, channel.id), reload);
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    // The newest one is last.
    list.current?.scrollIntoView({ block: 'nearest' });
    list.current?.scrollTo(0, list.current.scrollHeight);
  }, [data]);
  useEffect(() => {
    loadUnknownUsers((data ?? []).map(({ userId }) => userId));
  }, [data]);
  return html`
    <div class="channel-preview" id=${id} role="group" tabindex="0" aria-label=${t('Newest messages of {name}', { name: channel.name })} ref=${list}>
      ${content()}
    </div>
  `;

  function content() {
    if (!data)
      return failure
        ? html`<${Failed} failure=${failure} retry=${reload} />`
        : html`<${PageSkeleton} label=${t('Loading the newest messages')} />`;
    const said = data.filter(({ notice }) => !notice);
    if (said.length === 0)
      return html`<p class="quiet" role="status">${t('Nothing has been written here yet.')}</p>`;
    return html`<ul class="message-cards">${said.map(card)}</ul>`;
  }
}

/** Files are named by their number: to see them is to open the channel. @param {Message} message */
function card({ files = [], ...message }) {
  const detail = files.length > 0 && plural(files.length, '{count} file', '{count} files');
  return html`<${MessageCard} key=${message.id} message=${message} detail=${detail} />`;
}

/** @param {LogEvent} event @param {string} channelId */
function concerns(event, channelId) {
  if (event.type === 'reset') return true;
  return event.type.startsWith('message.') && 'channelId' in event && event.channelId === channelId;
}
