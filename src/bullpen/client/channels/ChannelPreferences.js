import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { reasonOf } from '../core/refusals.js';
import { isMine, preferencesOf, titleOf } from '../core/store/store.js';
import { Icon } from '../ui/Icon.js';
import { say } from '../ui/prompts.js';
import { setPreferences } from './requests.js';

/** @import { Channel } from '../core/types.js' */

/** Stars and mutes a conversation, for its reader alone. @param {{ channel: Channel, inDialog?: boolean }} props */
export function ChannelPreferences({ channel, inDialog }) {
  if (!isMine(channel)) return null;
  const { isMuted, isStarred } = preferencesOf(channel.id);
  const name = titleOf(channel);

  /** @param {{ isMuted?: boolean, isStarred?: boolean }} change */
  async function set(change) {
    try {
      await setPreferences(channel.id, change);
    } catch (error) {
      say(t('Couldn’t change this: {reason}.', { reason: reasonOf(error) }));
    }
  }

  /** @param {string} icon @param {string} verb @param {string} undo @param {boolean} on @param {() => void} act */
  const toggle = (icon, verb, undo, on, act) => html`
    <button
      class=${inDialog ? 'button button--small' : 'icon-button preferences__toggle'}
      type="button"
      aria-label=${`${verb} ${name}`}
      aria-pressed=${on}
      data-tip=${inDialog ? undefined : on ? undo : verb}
      data-tip-side="bottom"
      onClick=${act}
    ><${Icon} name=${icon} size=${inDialog ? 16 : 18} />${inDialog && (on ? undo : verb)}</button>
  `;
  return html`
    ${toggle('star', t('Star'), t('Remove star'), isStarred, () => set({ isStarred: !isStarred }))}
    ${toggle(isMuted ? 'bell-off' : 'bell', t('Mute'), t('Unmute'), isMuted, () => set({ isMuted: !isMuted }))}
  `;
}
