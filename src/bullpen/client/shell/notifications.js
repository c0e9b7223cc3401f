// Desktop notifications while the window is not visible, where the user wants them and the browser allows them.
import { signal } from '@preact/signals';
import { getMessage } from '../core/api.js';
import { go } from '../core/router.js';
import { readEntry, writeEntry } from '../core/storage.js';
import { onEvent } from '../core/store/event-bus.js';
import { session, state, userOf } from '../core/store/store.js';
import { localInputIn } from '../core/zoned-times.js';
import { userNames } from '../messages/mentionable.js';
import { pushed } from '../push/push.js';
import { ownTimeZone } from '../saved/time-zone.js';
import { noticeOf, reminderOf } from './notification-content.js';
import { isQuiet } from './notification-rule.js';

/** @import { Notice } from './notification-content.js' */

const place = 'bullpen.notify';

/** Whether this browser shows notifications. */
export const wanted = signal(readEntry(place) === true);

/** What the browser says to that; null where it cannot notify at all. */
export const permission = signal('Notification' in window ? Notification.permission : null);

export function startNotifications() {
  onEvent((event) => {
    const me = session.peek()?.userId;
    if (!wanted.peek() || !me || document.visibilityState === 'visible') return;
    if (!('Notification' in window) || Notification.permission !== 'granted') return;
    if (event.type === 'saved.changed' && event.isReminder) void showReminder(event.messageId);
    // Its service worker shows notifications.
    if (pushed.peek()) return;
    const { channels, preferences, follows, notifications, userGroups } = state.peek();
    const nameOf = (/** @type {string} */ id) => userOf(id).displayName;
    const names = userNames.peek();
    const notice = noticeOf(event, {
      me,
      channels: channels ?? {},
      preferences,
      threads: follows,
      nameOf,
      names,
      groupIds: Object.values(userGroups).flatMap(({ id, memberIds }) =>
        memberIds.includes(me) ? [`@${id}`] : [],
      ),
      keywords: notifications.keywords,
      now: Date.now(),
    });
    if (notice) void show(notice);
  });
}

/** Whether the current user rests from notifications, by a clock in their own zone. */
async function isResting() {
  const { notifications } = state.peek();
  const now = new Date();
  const zone = notifications.quietFrom === null ? 'UTC' : await ownTimeZone();
  return isQuiet(notifications, now, localInputIn(now, zone).slice(-5));
}

/** What it says is asked for now: it may have been edited, or be out of reach. @param {string} messageId */
async function showReminder(messageId) {
  const message = await getMessage(messageId).catch(() => null);
  const channel = message && state.peek().channels?.[message.channelId];
  if (message && channel) await show(reminderOf(message, channel, userOf(message.userId).displayName));
}

/** @param {Notice} notice of each conversation the last, however many windows are open */
async function show({ title, body, address, channelId, tag }) {
  if (await isResting()) return;
  const silent = state.peek().notifications.isSilent;
  const shown = new Notification(title, { body, tag: `bullpen ${tag ?? channelId}`, silent });
  shown.onclick = () => {
    window.focus();
    go(address);
    shown.close();
  };
}

/** Asks the browser for permission, which asks the user: only after a click. */
export async function allowed() {
  if (permission.peek() === 'default') permission.value = await Notification.requestPermission();
  return permission.peek() === 'granted';
}

/** @param {boolean} on */
export async function want(on) {
  wanted.value = on && (await allowed());
  writeEntry(place, wanted.value);
}
