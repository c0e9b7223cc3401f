import { recentEmoji } from '../composer/EmojiPicker.js';
import { addressOf } from '../core/addresses.js';
import { html } from '../core/html.js';
import { editing, shownAs } from '../core/late-components.js';
import { channels, session, state } from '../core/store/store.js';
import { isSaved, toggleSaved } from '../saved/saving.js';
import { Icon } from '../ui/Icon.js';
import { openPicker } from '../ui/prompts.js';
import { addressOfWhy, hasWhy } from '../why/open-why.js';
import { isFollowing, setFollowed } from './following.js';
import { copyLink, markAsUnread, placeOf, remove, togglePin, toggleReaction } from './message-actions.js';
import { quote } from './quoting.js';

/** @import { Message, ThreadReply } from '../core/types.js' */

const usual = ['👍', '✅', '😂'];

/**
 * What can be done with a message; there while the pointer is over it or the focus in it.
 * @param {{ message: Message | ThreadReply, channelId: string, inThread: boolean }} props
 */
export function Actions({ message, channelId, inThread }) {
  const me = session.value?.userId ?? '';
  const channel = channels.value?.[channelId];
  const member = channel?.memberIds.includes(me);
  const mine = message.userId === me;
  const { parentMessageId } = placeOf(message, channelId);
  const rootId = parentMessageId ?? message.id;
  const followed = isFollowing(
    rootId,
    parentMessageId === null ? /** @type {Message} */ (message) : state.value.threads[rootId]?.root,
  );
  // What the channel's list shows is unread there.
  const isListed = parentMessageId === null || message.repliedTo !== undefined;
  const canMarkUnread = member && (isListed ? !inThread : followed);
  const saved = isSaved(message.id);
  const quick = [...new Set([...recentEmoji(), ...usual])].slice(0, 3);

  /** @param {MouseEvent} event */
  async function react(event) {
    const emoji = await openPicker(/** @type {HTMLElement} */ (event.currentTarget));
    if (emoji !== null && !has(emoji)) toggleReaction(message, channelId, emoji);
  }

  /** @param {string} emoji */
  const has = (emoji) => message.reactions.some((one) => one.emoji === emoji && one.userIds.includes(me));

  return html`
    <div class="actions" role="group" aria-label="Message actions">
      ${
        member &&
        quick.map(
          (emoji) => html`
            <button key=${emoji} class="actions__action actions__emoji" type="button" aria-label=${`React with ${emoji}`} onClick=${() => toggleReaction(message, channelId, emoji)}>${emoji}</button>
          `,
        )
      }
      ${member && button('Add a reaction', 'face-slightly-smiling-plus', react)}
      ${
        (parentMessageId === null || !inThread) &&
        channel &&
        html`<a class="actions__action" href=${addressOf(channel, rootId)} aria-label="Reply in thread" data-tip="Reply in thread"><${Icon} name="message-square-reply" size=${18} /></a>`
      }
      ${hasWhy(message) && html`<a class="actions__action" href=${addressOfWhy(message.id)} aria-label="Why?" data-tip="Why?" data-tip-more="W"><${Icon} name="circle-question-mark" size=${18} /></a>`}
      ${member && button('Quote', 'text-quote', () => quote(message, channelId))}
      <button class="actions__action" type="button" aria-label="Forward" data-tip="Forward" data-dialog="forward" data-about=${message.id}><${Icon} name="forward" size=${18} /></button>
      ${canMarkUnread && button('Mark as unread', 'message-circle', () => markAsUnread(message, channelId))}
      ${member && parentMessageId === null && button(followed ? 'Unfollow thread' : 'Follow thread', followed ? 'bell-off' : 'bell', () => setFollowed(rootId, !followed))}
      ${member && button(message.pin ? 'Unpin' : 'Pin', message.pin ? 'pin-off' : 'pin', () => togglePin(message))}
      ${button(saved ? 'Remove from saved messages' : 'Save for later', saved ? 'bookmark-x' : 'bookmark', () => toggleSaved(message.id), 'S')}
      <button class="actions__action" type="button" aria-label="Remind me" aria-haspopup="dialog" data-tip="Remind me" data-tip-more="M" data-dialog="remind" data-about=${message.id}><${Icon} name="alarm-clock" size=${18} /></button>
      ${button('Copy link', 'link', () => copyLink(message, channelId))}
      ${
        mine &&
        button('Edit', 'pencil', () => {
          editing.value = shownAs(message.id, inThread);
        })
      }
      ${mine && button('Delete', 'trash', () => remove(message, channelId))}
    </div>
  `;
}

/** @param {string} name @param {string} icon @param {(event: MouseEvent) => void} act @param {string} [key] */
function button(name, icon, act, key) {
  return html`<button key=${name} class="actions__action" type="button" aria-label=${name} data-tip=${name} data-tip-more=${key} onClick=${act}><${Icon} name=${icon} size=${18} /></button>`;
}
