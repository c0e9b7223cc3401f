// What one does to messages: shown at once, taken back where the server refuses it.
import { addressOf } from '../app/addresses.js';
import { ApiError } from '../app/api.js';
import { channels, dispatch, session } from '../app/store.js';
import { describe } from '../components/Notice.js';
import { ask, say } from './picking.js';
import { deleteMessage, editMessage, setReaction } from './requests.js';

/** @import { Message, Place, ThreadReply } from '../app/types.js' */

/** @typedef {Message | ThreadReply} Written */

/** @param {Written} message @param {string} channelId @returns {Place} */
export function placeOf(message, channelId) {
  return {
    channelId,
    parentMessageId: 'parentMessageId' in message ? (message.parentMessageId ?? null) : null,
  };
}

/** @param {unknown} error */
export function reasonOf(error) {
  if (!(error instanceof ApiError)) throw error;
  if (error.status === 0 || error.status === 503) return describe(error).title;
  if (error.status === 404) return 'It is not there any more';
  const [detail] = Array.isArray(error.details) ? error.details : [];
  return (detail?.msg ? `${error.message}: ${detail.msg}` : error.message).replace(/\.$/, '');
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
    say(`The reaction was not saved: ${reasonOf(error)}.`);
  }
}

/** @param {Written} message @param {string} channelId @param {string} text @returns {Promise<string>} what went wrong, if anything */
export async function saveEdit(message, channelId, text) {
  const change = { ...placeOf(message, channelId), messageId: message.id };
  dispatch({ type: 'message.edited', ...change, text });
  try {
    await editMessage(message.id, text);
    return '';
  } catch (error) {
    dispatch({ type: 'message.edited', ...change, text: message.text });
    return `Not saved: ${reasonOf(error)}.`;
  }
}

/** @param {Written} message @param {string} channelId */
export async function remove(message, channelId) {
  const replies = 'threadReplyCount' in message ? message.threadReplyCount : 0;
  const sure = await ask({
    title: replies > 0 ? 'Delete this message and its thread?' : 'Delete this message?',
    text: message.text.length > 200 ? `${message.text.slice(0, 200)}…` : message.text,
    action: 'Delete',
  });
  if (!sure) return;
  try {
    await deleteMessage(message.id);
    dispatch({ type: 'message.gone', ...placeOf(message, channelId), messageId: message.id });
  } catch (error) {
    say(`The message was not deleted: ${reasonOf(error)}.`);
  }
}

/** @param {Written} message @param {string} channelId */
export async function copyLink(message, channelId) {
  const channel = channels.peek()?.[channelId] ?? { id: channelId, kind: 'public' };
  const { parentMessageId } = placeOf(message, channelId);
  await copy(location.origin + addressOf(channel, parentMessageId, message.id));
  say('Link copied.');
}

/** @param {string} text */
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Without HTTPS there is no clipboard but this.
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
