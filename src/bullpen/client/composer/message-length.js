import { locale, plural } from '../core/language.js';
export const longestMessage = 40_000;

/** As the server counts, by characters and not by halves of them. @param {string} text */
export function lengthOf(text) {
  return text.length <= longestMessage ? text.length : [...text].length;
}

/** What is wrong with a text that is to be sent, if anything. @param {string} text */
export function tooLong(text) {
  const length = lengthOf(text);
  if (length <= longestMessage) return '';
  const over = length - longestMessage;
  return plural(
    over,
    'Too long by {count} character (limit {limit}).',
    'Too long by {count} characters (limit {limit}).',
    { count: over.toLocaleString(locale), limit: longestMessage.toLocaleString(locale) },
  );
}
