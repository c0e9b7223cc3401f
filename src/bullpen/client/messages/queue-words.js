// Who is about to answer, in words. Pure.
import { plural, t } from '../core/language.js';

const mostNamed = 3;

/** How many wait behind those who answer. @param {string[]} names @param {number} waiting */
export function queueWords(names, waiting) {
  if (waiting === 0) return names.length > 0 ? typingWords(names) : '';
  if (names.length === 0) return plural(waiting, '{count} answer is waiting', '{count} answers are waiting');
  const writing = writingWords(names);
  return t('{writing}, {count} more after them', { writing, count: waiting });
}

/** @param {string[]} names */
export function typingWords(names) {
  if (names.length > mostNamed) return t('Several people are typing…');
  const { others, last } = divided(names);
  return others ? t('{others} and {last} are typing…', { others, last }) : t('{last} is typing…', { last });
}

/** The same within a sentence. @param {string[]} names */
function writingWords(names) {
  if (names.length > mostNamed) return t('Several people are writing');
  const { others, last } = divided(names);
  return others ? t('{others} and {last} are writing', { others, last }) : t('{last} is writing', { last });
}

/** @param {string[]} names */
const divided = (names) => ({ last: names.at(-1), others: names.slice(0, -1).join(', ') });
