// Reminders that somebody has dismissed: in all windows of the browser. They stay due on the page of saved messages.
import { signal } from '@preact/signals';
import { onOtherWindow, readEntry, writeEntry } from '../core/storage.js';

/** @import { SavedMark } from '../core/types.js' */

const place = 'bullpen.dismissed-reminders';
const mostKept = 200;

/** @returns {Set<string>} */
const read = () => new Set(readEntry(place) ?? []);

export const dismissed = signal(read());

/** A reminder that is put off and comes again is another one. @param {string} userId @param {SavedMark} mark */
export const nameOf = (userId, { messageId, remindAt }) => `${userId} ${messageId} ${remindAt}`;

/** @param {string} userId @param {SavedMark} mark */
export function dismiss(userId, mark) {
  dismissed.value = new Set([...read(), nameOf(userId, mark)].slice(-mostKept));
  writeEntry(place, [...dismissed.value]);
}

export function followDismissals() {
  onOtherWindow((key) => {
    if (key === null || key === place) dismissed.value = read();
  });
}
