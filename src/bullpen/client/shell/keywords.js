// Whether a message has a keyword of somebody. Pure; `push/keywords.py` is the same, and tests/cases/keywords.json holds for both.
import { isUnspaced, wordsOf } from '../core/words.js';

/** @param {string[]} keywords @param {string} text */
export function hasKeyword(keywords, text) {
  if (keywords.length === 0) return false;
  const said = wordsOf(text);
  return keywords.some((keyword) => isIn(wordsOf(keyword), said));
}

/** Whether all words stand beside each other. @param {string[]} words @param {string[]} said */
function isIn(words, said) {
  const [before = '', last = ''] = [words.at(-2), words.at(-1)];
  const endsInRun = isUnspaced(last);
  // What was written may go on there.
  if (words.length === 1 && endsInRun) return said.some((one) => one.startsWith(last));
  // The last character of a run follows from the pair before it.
  const wanted = endsInRun && before.endsWith(last) ? words.slice(0, -1) : words;
  if (wanted.length === 0) return false;
  return said.some((_, at) => wanted.every((word, place) => said[at + place] === word));
}
