// The words of a text, as search has them: `kit/words.py` describes the rule. Pure.
import { accents, invisible, separators, symbols, unspaced, variants } from './word-classes.js';

const longestWord = 100;
const longestFolded = 50_000;
const foldedAway = new RegExp(`[${invisible}${accents}]+`, 'gu');
const word = new RegExp(
  `(?<symbol>[${symbols}])|(?<run>[${unspaced}]+)|[^${separators}${symbols}${unspaced}]+`,
  'gu',
);
const apart = `[${separators}${symbols}]`;
const possessive = new RegExp(`(?<=[^${separators}${symbols}])'s(?=${apart}|$)`, 'gu');
const [written = '', typed = ''] = variants;
/** @type {Record<string, string>} */
const typedAs = { ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th' };
for (const [place, letter] of [...written].entries()) typedAs[letter] = [...typed][place] ?? letter;
const variant = new RegExp(`[${Object.keys(typedAs).join('')}]`, 'gu');

/** Without case, accents and invisible characters. @param {string} text */
function fold(text) {
  const marked = text.normalize('NFKD').replaceAll('и\u0306', 'й').replaceAll('И\u0306', 'Й');
  return marked
    .replace(foldedAway, '')
    .normalize('NFC')
    .replaceAll('Σ', 'σ')
    .toLowerCase()
    .replace(variant, (letter) => typedAs[letter] ?? letter);
}

const ofUnspaced = new RegExp(`^[${unspaced}]$`, 'u');

/** Whether a word is one character of a script that is written without spaces. @param {string} text */
export const isUnspaced = (text) => ofUnspaced.test(text);

/** @param {string} text @returns {string[]} */
export function wordsOf(text) {
  const found = [];
  for (const { 0: part, groups } of fold(text)
    .slice(0, longestFolded)
    .replace(possessive, ' ')
    .matchAll(word)) {
    const characters = groups?.run ? [...part] : null;
    if (characters === null) found.push([...part].slice(0, longestWord).join(''));
    else for (const [place, one] of characters.entries()) found.push(one + (characters[place + 1] ?? ''));
  }
  return found;
}
