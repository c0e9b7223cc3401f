import { dayOf } from '../core/time.js';

/** @import { Message, ThreadReply } from '../core/types.js' */

// A reply that is also in the channel stands by itself there.
const groupedWithin = 5 * 60 * 1000;

/**
 * @template {Message | ThreadReply} T
 * @typedef {{ message: T, date: Date, grouped: boolean }} Row  a grouped message follows one by the same author
 */

/**
 * @template {Message | ThreadReply} T
 * @typedef {{ key: string, date: Date, rows: Row<T>[] }} Day
 */

/**
 * Messages, oldest first, as days of rows.
 * @template {Message | ThreadReply} T
 * @param {T[]} messages
 * @returns {Day<T>[]}
 */
export function daysOf(messages) {
  /** @type {Day<T>[]} */
  const days = [];
  for (const message of messages) {
    const date = new Date(message.timestamp);
    const key = dayOf(date);
    let day = days.at(-1);
    if (day?.key !== key) {
      day = { key, date, rows: [] };
      days.push(day);
    }
    const previous = day.rows.at(-1);
    const grouped =
      previous !== undefined &&
      !message.notice &&
      !previous.message.notice &&
      !message.repliedTo &&
      !previous.message.repliedTo &&
      previous.message.userId === message.userId &&
      date.getTime() - previous.date.getTime() < groupedWithin;
    day.rows.push({ message, date, grouped });
  }
  return days;
}
