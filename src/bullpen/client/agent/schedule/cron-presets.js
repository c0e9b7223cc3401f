// How often a plan comes again: choices that people make, as cron expressions and back in words.
import { t } from '../../core/language.js';
import { timeLabel } from '../../core/time.js';

/** The days of a cron expression, as they are chosen. @type {{ days: string, name: string }[]} */
export const rhythms = [
  { days: '*', name: t('Every day') },
  { days: 'mon-fri', name: t('Monday to Friday') },
  { days: 'mon', name: t('Every Monday') },
  { days: 'tue', name: t('Every Tuesday') },
  { days: 'wed', name: t('Every Wednesday') },
  { days: 'thu', name: t('Every Thursday') },
  { days: 'fri', name: t('Every Friday') },
  { days: 'sat', name: t('Every Saturday') },
  { days: 'sun', name: t('Every Sunday') },
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
  return t('{name} at {time}', {
    name: rhythm.name,
    time: timeLabel(new Date(2000, 0, 1, Number(hour), Number(minute))),
  });
}

export function ownZone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** @param {string} timeZone */
export function zoneName(timeZone) {
  return timeZone.replaceAll('_', ' ');
}
