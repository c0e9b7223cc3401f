// Endless words and paragraphs, cut into portions that are laid out one by one: the time that a browser takes for a
// paragraph grows faster than its length, above all where it finds no place to break a line.

/** @import { Inline } from './markdown/inlines.js' */

const most = 1_000;
const mostOfWords = 4_000;
// Signs of the scripts that are written without spaces, and break anywhere, are not a part of a word.
const words = /[^\s\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}]+/gu;

/** @param {Inline[]} tokens @returns {Inline[][]} one portion, unless there is an endless word, or no end */
export function portionsOf(tokens) {
  if (longestWord(tokens) > most) return cut(tokens, most);
  return tokens.reduce((sum, token) => sum + lengthOf(token), 0) > 2 * mostOfWords
    ? cut(tokens, mostOfWords)
    : [tokens];
}

/** @param {Inline[]} tokens @param {number} most @returns {Inline[][]} */
function cut(tokens, most) {
  /** @type {Inline[][]} */
  const portions = [[]];
  let room = most;
  for (const token of tokens) {
    for (const part of lengthOf(token) > most ? partsOf(token, most) : [token]) {
      const length = lengthOf(part);
      if (length > room && room < most) {
        portions.push([]);
        room = most;
      }
      portions.at(-1)?.push(part);
      room -= length;
    }
  }
  return portions;
}

/** Pieces of the text of code, where it has an endless word. @param {string} text @returns {string[]} */
export function piecesOfText(text) {
  return longestIn(text, 0).longest > most ? pieces(text, most) : [text];
}

/** How long the longest word is that no white space, and no end of a line, divides. @param {Inline[]} tokens */
function longestWord(tokens) {
  let longest = 0;
  let begun = 0;
  /** @param {Inline[]} some */
  const look = (some) => {
    for (const token of some) {
      if ('tokens' in token) look(token.tokens);
      else if (token.type === 'br') begun = 0;
      else {
        const found = longestIn(token.type === 'text' ? token.raw : token.text, begun);
        longest = Math.max(longest, found.longest);
        begun = found.begun;
      }
    }
  };
  look(tokens);
  return longest;
}

/** @param {string} text @param {number} before how much of a word came before it @returns {{ longest: number, begun: number }} begun: at its end */
function longestIn(text, before) {
  let longest = before;
  let begun = text === '' ? before : 0;
  for (const { 0: word, index } of text.matchAll(words)) {
    const length = word.length + (index === 0 ? before : 0);
    longest = Math.max(longest, length);
    if (index + word.length === text.length) begun = length;
  }
  return { longest, begun };
}

/** Cut at white space where there is some. @param {string} text @param {number} most @returns {string[]} */
function pieces(text, most) {
  const found = [];
  let from = 0;
  while (text.length - from > most) {
    let to = from + most;
    for (const sign of ['\n', ' ']) {
      const at = text.lastIndexOf(sign, to - 1);
      if (at > from + most / 2) {
        to = at + 1;
        break;
      }
    }
    // Between the halves of a sign there is nothing to cut.
    if (/[\udc00-\udfff]/.test(text[to] ?? '') && /[\ud800-\udbff]/.test(text[to - 1] ?? '')) to -= 1;
    found.push(text.slice(from, to));
    from = to;
  }
  found.push(text.slice(from));
  return found;
}

/** @param {Inline} token @returns {number} */
function lengthOf(token) {
  if ('tokens' in token) return token.tokens.reduce((sum, inside) => sum + lengthOf(inside), 0);
  return token.type === 'text' || token.type === 'br' ? token.raw.length : token.text.length;
}

/** @param {Inline} token @param {number} most @returns {Inline[]} */
function partsOf(token, most) {
  switch (token.type) {
    case 'text': {
      let { at } = token;
      return pieces(token.raw, most).map((raw) => {
        const start = at;
        if (at >= 0) at += raw.length;
        return { type: 'text', raw, at: start };
      });
    }
    case 'codespan':
      return pieces(token.text, most).map((text) => ({ ...token, text }));
    case 'strong':
    case 'em':
    case 'del':
      return cut(token.tokens, most).map((tokens) => ({ ...token, tokens }));
    default:
      return [token];
  }
}
