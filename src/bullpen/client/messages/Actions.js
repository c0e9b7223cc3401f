import { recentEmoji } from '../composer/EmojiPicker.js';
import { addressOf } from '../core/addresses.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
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
    <div class="actions" role="group" aria-label=${t('Message actions')}>
      ${
        member &&
        quick.map(
          (emoji) => html`
            <button key=${emoji} class="actions__action actions__emoji" type="button" aria-label=${t('React with {emoji}', { emoji })} onClick=${() => toggleReaction(message, channelId, emoji)}>${emoji}</button>
          `,
        )
      }
      ${member && button(t('Add a reaction'), 'face-slightly-smiling-plus', react)}
      ${
        (parentMessageId === null || !inThread) &&
        channel &&
        html`<a class="actions__action" href=${addressOf(channel, rootId)} aria-label=${t('Reply in thread')} data-tip=${t('Reply in thread')}><${Icon} name="message-square-reply" size=${18} /></a>`
      }
      ${hasWhy(message) && html`<a class="actions__action" href=${addressOfWhy(message.id)} aria-label=${t('Why?')} data-tip=${t('Why?')} data-tip-more="W"><${Icon} name="circle-question-mark" size=${18} /></a>`}
      ${member && button(t('Quote'), 'text-quote', () => quote(message, channelId))}
      <button class="actions__action" type="button" aria-label=${t('Forward')} data-tip=${t('Forward')} data-dialog="forward" data-about=${message.id}><${Icon} name="forward" size=${18} /></button>
      ${canMarkUnread && button(t('Mark as unread'), 'message-circle', () => markAsUnread(message, channelId))}
      ${member && parentMessageId === null && button(followed ? t('Unfollow thread') : t('Follow thread'), followed ? 'bell-off' : 'bell', () => setFollowed(rootId, !followed))}
      ${member && button(message.pin ? t('Unpin') : t('Pin'), message.pin ? 'pin-off' : 'pin', () => togglePin(message))}
      ${button(saved ? t('Remove from saved messages') : t('Save for later'), saved ? 'bookmark-x' : 'bookmark', () => toggleSaved(message.id), 'S')}
      <button class="actions__action" type="button" aria-label=${t('Remind me')} aria-haspopup="dialog" data-tip=${t('Remind me')} data-tip-more="M" data-dialog="remind" data-about=${message.id}><${Icon} name="alarm-clock" size=${18} /></button>
      ${button(t('Copy link'), 'link', () => copyLink(message, channelId))}
      ${
        mine &&
        button(t('Edit'), 'pencil', () => {
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
