// How often a plan comes again: choices that people make, as cron expressions and back in words.
import { timeLabel } from '../../core/time.js';

/** The days of a cron expression, as they are chosen. @type {{ days: string, name: string }[]} */
export const rhythms = [
  { days: '*', name: 'Every day' },
  { days: 'mon-fri', name: 'Monday to Friday' },
  { days: 'mon', name: 'Every Monday' },
  { days: 'tue', name: 'Every Tuesday' },
  { days: 'wed', name: 'Every Wednesday' },
  { days: 'thu', name: 'Every Thursday' },
  { days: 'fri', name: 'Every Friday' },
  { days: 'sat', name: 'Every Saturday' },
  { days: 'sun', name: 'Every Sunday' },
];

const simple = /^(\d{1,2}) (\d{1,2}) \* \* (\S+)$/;

/** @param {string} days @param {string} time as an input of type time holds it, "09:30" */
export function cronOf(days, time) {
  const [hour = '', minute = ''] = time.split(':');
  return `${Number(minute)} ${Number(hour)} * * ${days}`;
}

/** @param {string} cron @returns {string | null} nothing, where words would be longer than the expression */
export function wordsOf(cron) {
  const [, minute, hour, days] = simple.exec(cron) ?? [];
  const rhythm = rhythms.find((one) => one.days === days?.toLowerCase());
  if (!rhythm || Number(minute) > 59 || Number(hour) > 23) return null;
  return `${rhythm.name} at ${timeLabel(new Date(2000, 0, 1, Number(hour), Number(minute)))}`;
}

export function ownZone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** @param {string} timeZone */
export function zoneName(timeZone) {
  return timeZone.replaceAll('_', ' ');
}
