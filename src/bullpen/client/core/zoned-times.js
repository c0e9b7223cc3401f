// Times of day in a time zone that need not be the browser's. Pure, and tested in Node.
import { t } from './language.js';

/** @typedef {{ name: string, at: Date }} TimeChoice */

const minute = 60_000;

/** What a clock in the zone shows, as <input type="datetime-local"> holds it. @param {Date} moment @param {string} zone */
export function localInputIn(moment, zone) {
  const options = /** @type {const} */ ({ dateStyle: 'short', timeStyle: 'short', timeZone: zone });
  // Swedish writes dates as ISO does.
  return new Intl.DateTimeFormat('sv-SE', options).format(moment).replace(' ', 'T');
}

/**
 * The moment at which a clock in the zone shows that; null where the text is no time. An hour that a change of clocks
 * skips is one later; one that it repeats is the first.
 * @param {string} text as <input type="datetime-local"> holds it @param {string} zone
 */
export function fromLocalInputIn(text, zone) {
  const wanted = Date.parse(`${text}Z`);
  if (Number.isNaN(wanted)) return null;
  const before = wanted - offsetAt(new Date(wanted - 24 * 60 * minute), zone);
  const after = wanted - offsetAt(new Date(wanted + 24 * 60 * minute), zone);
  const fitting = [before, after].filter((at) => offsetAt(new Date(at), zone) === wanted - at);
  return new Date(fitting.length > 0 ? Math.min(...fitting) : Math.max(before, after));
}

/** By how much a clock in the zone is ahead of UTC. @param {Date} moment @param {string} zone */
function offsetAt(moment, zone) {
  const shown = Date.parse(`${localInputIn(moment, zone)}Z`);
  return shown - Math.floor(moment.getTime() / minute) * minute;
}

/** @param {Date} now @param {string} zone */
export function tomorrowMorning(now, zone) {
  const today = Date.parse(`${localInputIn(now, zone).slice(0, 10)}T00:00Z`);
  const tomorrow = new Date(today + 24 * 60 * minute).toISOString().slice(0, 10);
  return /** @type {Date} */ (fromLocalInputIn(`${tomorrow}T09:00`, zone));
}

/** The times that are offered for reminders and for sending later. @param {Date} now @param {string} zone @returns {TimeChoice[]} */
export function timeChoices(now, zone) {
  return [
    { name: t('In 20 minutes'), at: new Date(now.getTime() + 20 * minute) },
    { name: t('In 1 hour'), at: new Date(now.getTime() + 60 * minute) },
    { name: t('Tomorrow morning'), at: tomorrowMorning(now, zone) },
  ];
}
