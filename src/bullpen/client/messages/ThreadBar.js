import { addressOf } from '../core/addresses.js';
import { html } from '../core/html.js';
import { plural, sentence, t } from '../core/language.js';
import { state } from '../core/store/store.js';
import { Icon } from '../ui/Icon.js';

/** @import { Channel } from '../core/types.js' */

/**
 * Leads to threads of a channel that have unread replies, one after the other: what they hang on may be far up.
 * @param {{ channel: Channel, open: string | null }} props open: the thread that is in sight
 */
export function ThreadBar({ channel, open }) {
  const threads = Object.entries(state.value.unreadThreads).filter(
    ([rootId, { channelId }]) => channelId === channel.id && rootId !== open,
  );
  const [first] = threads;
  if (!first) return null;
  const count = threads.reduce((sum, [, { unreadCount }]) => sum + unreadCount, 0);
  const replies = plural(count, '{count} new reply', '{count} new replies');
  return html`
    <a class="thread-bar" href=${addressOf(channel, first[0])}>
      <${Icon} name="messages-square" size=${16} />
      <span>${sentence(plural(threads.length, '{replies} in a thread that you follow', '{replies} in {count} threads that you follow'), { replies: html`<strong>${replies}</strong>` })}</span>
      <span class="thread-bar__view" aria-hidden="true">${t('View')}</span>
    </a>
  `;
}
