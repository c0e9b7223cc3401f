// Moments and spans of time as the pages say them.
import { locale, t } from './language.js';
import { dayOf, timeLabel } from './time.js';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const date = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' });
const dateAndYear = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', year: 'numeric' });
const oneDigit = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });

/** @param {number} milliseconds */
export function durationLabel(milliseconds) {
  if (milliseconds < second) return t('{count} ms', { count: Math.max(0, Math.round(milliseconds)) });
  if (milliseconds < 10 * second)
    return t('{count} s', { count: oneDigit.format(Math.floor(milliseconds / 100) / 10) });
  if (milliseconds < minute) return t('{count} s', { count: Math.floor(milliseconds / second) });
  if (milliseconds < hour) return two(milliseconds, minute, t('{count} m'), second, t('{count} s'));
  if (milliseconds < day) return two(milliseconds, hour, t('{count} h'), minute, t('{count} m'));
  return two(milliseconds, day, t('{count} d'), hour, t('{count} h'));
}

/** @param {number} span @param {number} large @param {string} words @param {number} small @param {string} rest */
function two(span, large, words, small, rest) {
  const counts = [Math.floor(span / large), Math.floor((span % large) / small)];
  const said = [words, rest].map((one, at) => one.replace('{count}', String(counts[at])));
  return counts[1] ? said.join(' ') : (said[0] ?? '');
}

/** @param {Date} moment @param {Date} now */
export function momentLabel(moment, now) {
  if (dayOf(moment) === dayOf(now)) return t('Today at {time}', { time: timeLabel(moment) });
  const format = moment.getFullYear() === now.getFullYear() ? date : dateAndYear;
  return t('{day} at {time}', { day: format.format(moment), time: timeLabel(moment) });
}

/** The same after other words: "today at 9:16 AM". @param {Date} moment @param {Date} now */
export function inlineMomentLabel(moment, now) {
  if (dayOf(moment) === dayOf(now)) return t('today at {time}', { time: timeLabel(moment) });
  return momentLabel(moment, now);
}

/** The time of day in another zone. @param {Date} moment @param {string} timeZone */
export function localTimeLabel(moment, timeZone) {
  const options = /** @type {const} */ ({ weekday: 'short', hour: 'numeric', minute: '2-digit', timeZone });
  try {
    return new Intl.DateTimeFormat(locale, options).format(moment);
  } catch {
    // A zone that this browser does not know.
    return '';
  }
}

/** "in 2 hours", "5 minutes ago". @param {Date} moment @param {Date} now */
export function distanceLabel(moment, now) {
  const span = moment.getTime() - now.getTime();
  const length = Math.abs(span);
  if (length < minute) return span > 0 ? t('in less than a minute') : t('just now');
  if (length < hour) return relative.format(Math.trunc(span / minute), 'minute');
  if (length < day) return relative.format(Math.trunc(span / hour), 'hour');
  return relative.format(Math.trunc(span / day), 'day');
}

/** What <input type="datetime-local"> holds: the reader's own zone. @param {Date} moment */
export function localInput(moment) {
  const shifted = new Date(moment.getTime() - moment.getTimezoneOffset() * minute);
  return shifted.toISOString().slice(0, 16);
}

/** What such an input says, as a moment with its zone; null where it says none. @param {string} text */
export function fromLocalInput(text) {
  const moment = new Date(text);
  return text === '' || Number.isNaN(moment.getTime()) ? null : moment;
}
