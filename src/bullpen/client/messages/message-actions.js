// What one does to messages: shown at once, taken back where the server refuses it.

import { addressOf } from '../core/addresses.js';
import { copyText } from '../core/clipboard.js';
import { t } from '../core/language.js';
import { reasonOf } from '../core/refusals.js';
import { channels, dispatch, session } from '../core/store/store.js';
import { ask, say } from '../ui/prompts.js';
import { deleteMessage, deletePreview, markUnread, restoreMessage, setPin, setReaction } from './requests.js';

/** @import { Message, Place, ThreadReply } from '../core/types.js' */

/** @typedef {Message | ThreadReply} Written */

/** @param {Written} message @param {string} channelId @returns {Place} */
export function placeOf(message, channelId) {
  return {
    channelId,
    parentMessageId: 'parentMessageId' in message ? (message.parentMessageId ?? null) : null,
  };
}

/** @param {Written} message @param {string} channelId @param {string} emoji */
export async function toggleReaction(message, channelId, emoji) {
  const userId = session.peek()?.userId ?? '';
  const on = !message.reactions.some((one) => one.emoji === emoji && one.userIds.includes(userId));
  const change = { ...placeOf(message, channelId), messageId: message.id, emoji, userId };
  dispatch({ type: 'reaction.toggled', ...change, on });
  try {
    await setReaction(message.id, emoji, on);
  } catch (error) {
    dispatch({ type: 'reaction.toggled', ...change, on: !on });
    say(t('Couldn’t save the reaction: {reason}.', { reason: reasonOf(error) }));
  }
}

/** @param {Written} message @param {string} channelId */
export async function remove(message, channelId) {
  const replies = 'threadReplyCount' in message ? message.threadReplyCount : 0;
  const sure = await ask({
    title: replies > 0 ? t('Delete this message and its thread?') : t('Delete this message?'),
    text: message.text.length > 200 ? `${message.text.slice(0, 200)}…` : message.text,
    action: t('Delete'),
  });
  if (!sure) return;
  const focusNeighbor = neighborOf(message.id);
  try {
    await deleteMessage(message.id);
    dispatch({ type: 'message.gone', ...placeOf(message, channelId), messageId: message.id });
    focusNeighbor();
    say(t('Message deleted'), () => void bringBack(message.id));
  } catch (error) {
    say(t('Couldn’t delete the message: {reason}.', { reason: reasonOf(error) }));
  }
}

/** Every window shows it again when the event comes. @param {string} messageId */
async function bringBack(messageId) {
  try {
    await restoreMessage(messageId);
    say(t('The message is back'));
  } catch (error) {
    say(t('Couldn’t bring the message back: {reason}.', { reason: reasonOf(error) }));
  }
}

/**
 * Where the focus goes when a message is deleted that has it: to the next one, the one before, or the composer.
 * @param {string} messageId @returns {() => void} puts it there
 */
function neighborOf(messageId) {
  const selector = `[data-message-id="${CSS.escape(messageId)}"]`;
  const row = document.activeElement?.closest(selector) ?? document.querySelector(selector);
  const list = row?.closest('[role="log"], .thread__content');
  const rows = [
    .../** @type {NodeListOf<HTMLElement>} */ (list?.querySelectorAll('[data-message-id]') ?? []),
  ];
  const at = rows.indexOf(/** @type {HTMLElement} */ (row));
  const near = [...rows.slice(at + 1), ...rows.slice(0, Math.max(at, 0)).reverse()];
  const composer = row?.closest('main, .thread')?.querySelector('textarea.composer__area');
  return () =>
    requestAnimationFrame(() => {
      if (document.activeElement !== document.body) return;
      const next = near.find((each) => each.isConnected) ?? composer;
      /** @type {HTMLElement | null | undefined} */ (next)?.focus();
    });
}

/** Its pin is shown when the event comes. @param {Written} message */
export async function togglePin(message) {
  const on = !message.pin;
  try {
    await setPin(message.id, on);
    say(on ? t('Pinned') : t('Unpinned'));
  } catch (error) {
    const reason = reasonOf(error);
    say(
      on
        ? t('Couldn’t pin the message: {reason}.', { reason })
        : t('Couldn’t unpin the message: {reason}.', { reason }),
    );
  }
}

/** For good; every window loses it when the event comes. @param {string} messageId @param {string} previewId */
export async function removePreview(messageId, previewId) {
  try {
    await deletePreview(messageId, previewId);
    say(t('Preview removed'));
  } catch (error) {
    say(t('Couldn’t remove the preview: {reason}.', { reason: reasonOf(error) }));
  }
}

/** @param {Written} message @param {string} channelId */
export async function markAsUnread(message, channelId) {
  try {
    await markUnread(channelId, message.id);
    say(t('Marked as unread'));
  } catch (error) {
    say(t('Couldn’t mark the message as unread: {reason}.', { reason: reasonOf(error) }));
  }
}

/** @param {Written} message @param {string} channelId */
export async function copyLink(message, channelId) {
  const channel = channels.peek()?.[channelId] ?? { id: channelId, kind: 'public' };
  const { parentMessageId } = placeOf(message, channelId);
  const address = location.origin + addressOf(channel, parentMessageId, message.id);
  say((await copyText(address)) ? t('Link copied') : t('Couldn’t copy. The link is {address}', { address }));
}
