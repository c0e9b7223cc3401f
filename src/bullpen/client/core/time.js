// Dates and times as people read them. Words are in the language of the interface; whether the clock has 12 or 24 hours is
// the reader's own setting.

import { signal } from '@preact/signals';
import { locale, t } from './language.js';

const hour12 = new Intl.DateTimeFormat(undefined, { hour: 'numeric' }).resolvedOptions().hour12;
const clock = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', hour12 });
const weekdayAndDate = new Intl.DateTimeFormat(locale, { weekday: 'long', month: 'long', day: 'numeric' });
const shortDate = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' });
const weekdayAndFullDate = new Intl.DateTimeFormat(locale, {
  weekday: 'long',
  month: 'long',
  day: 'numeric',
  year: 'numeric',
});

/** @param {Date} date a day's own name in the local time zone, equal for all moments of that day */
export function dayOf(date) {
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/** @param {Date} date @param {Date} now */
export function dayLabel(date, now) {
  if (dayOf(date) === dayOf(now)) return t('Today');
  if (dayOf(date) === dayOf(dayBefore(now))) return t('Yesterday');
  return (date.getFullYear() === now.getFullYear() ? weekdayAndDate : weekdayAndFullDate).format(date);
}

/** @param {Date} date */
export function timeLabel(date) {
  return clock.format(date);
}

/** The time without AM or PM, for the narrow gutter. @param {Date} date */
export function gutterTime(date) {
  const parts = clock.formatToParts(date).filter((part) => part.type !== 'dayPeriod');
  return parts
    .map((part) => part.value)
    .join('')
    .trim();
}

/** @param {Date} date @param {Date} now */
export function fullLabel(date, now) {
  return t('{day} at {time}', { day: dayLabel(date, now), time: timeLabel(date) });
}

/** @param {Date} date @param {Date} now */
export function lastReplyLabel(date, now) {
  const day = dayOf(date);
  if (day === dayOf(now)) return t('today at {time}', { time: timeLabel(date) });
  if (day === dayOf(dayBefore(now))) return t('yesterday at {time}', { time: timeLabel(date) });
  return t('{day} at {time}', { day: shortDate.format(date), time: timeLabel(date) });
}

/** @param {Date} date */
function dayBefore(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - 1);
}

/** A moment of the current day; it changes when the day does, so that "Today" stays true overnight. */
export const today = signal(new Date());

export function startClock() {
  setInterval(() => {
    const now = new Date();
    if (dayOf(now) !== dayOf(today.value)) today.value = now;
  }, 30_000);
}
