// How large a file is, for people.
import { locale } from './language.js';

const units = ['B', 'kB', 'MB', 'GB', 'TB'];

/** @param {number} bytes */
export function sizeOf(bytes) {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${value.toLocaleString(locale, { maximumFractionDigits: digits })} ${units[unit]}`;
}
