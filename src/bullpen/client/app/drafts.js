// What was begun and not sent, by channel and by thread, kept in this browser for each user.
import { computed, effect, signal } from '@preact/signals';
import { session } from './store.js';

/** @import { Place } from './types.js' */

/** By thread, or by channel. @type {import('@preact/signals').Signal<Record<string, { channelId: string, text: string }>>} */
export const drafts = signal({});

/** @param {string} userId */
const nameOf = (userId) => `bullpen.drafts.${userId}`;

const me = computed(() => session.value?.userId);
effect(() => {
  drafts.value = me.value === undefined ? {} : kept(nameOf(me.value));
});

/** @param {string} name @returns {any} */
export function kept(name) {
  try {
    return JSON.parse(localStorage.getItem(name) ?? '{}');
  } catch {
    return {};
  }
}

/** @param {string} name @param {unknown} value where nothing can be kept, it lasts as long as the page */
export function keep(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {}
}

/** @param {Place} place */
export function draftOf({ channelId, parentMessageId }) {
  return drafts.peek()[parentMessageId ?? channelId]?.text ?? '';
}

/** @param {Place} place @param {string} text */
export function setDraft({ channelId, parentMessageId }, text) {
  const { [parentMessageId ?? channelId]: _before, ...others } = drafts.peek();
  drafts.value =
    text.trim() === '' ? others : { ...others, [parentMessageId ?? channelId]: { channelId, text } };
  const userId = session.peek()?.userId;
  if (userId !== undefined) keep(nameOf(userId), drafts.peek());
}
