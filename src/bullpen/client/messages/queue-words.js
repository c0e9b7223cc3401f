// Who is about to answer, in words. Pure.
import { plural, t } from '../core/language.js';

const mostNamed = 3;

/** How many wait behind those who answer. @param {string[]} names @param {number} waiting */
export function queueWords(names, waiting) {
  if (waiting === 0) return names.length > 0 ? typingWords(names) : '';
  if (names.length === 0) return plural(waiting, '{count} answer is waiting', '{count} answers are waiting');
  return t('{replace}, {waiting} more after them', {
    replace: typingWords(names).replace('typing…', 'writing'),
    waiting,
  });
}

/** @param {string[]} names */
export function typingWords(names) {
  if (names.length > mostNamed) return t('Several people are typing…');
  const last = names.at(-1);
  const others = names.slice(0, -1).join(', ');
  return others ? t('{others} and {last} are typing…', { others, last }) : t('{last} is typing…', { last });
}
