// What a message's text is made of: tokens, of which components make elements, so that no text becomes markup.
import { blocksOf } from './blocks.js';

/** @import { Block } from './blocks.js' */

// What emoji are put together from. \p{RGI_Emoji} says it in one word, and takes a tenth of a second to compile.
const emojiOnly =
  /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[#*0-9]\ufe0f?\u20e3|[\u{e0020}-\u{e007f}]|[\u200d\ufe0f\s])+$/u;
const longestBig = 200;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const mostShownBig = 12;

// What one message may become at most: more elements would keep a browser busy. The rest is drawn as it was typed.
const mostElements = 2_000;

/** @param {string} text @returns {Block[]} */
export function tokensOf(text) {
  let at = 0;
  const lines = text.split('\n').map((line) => {
    const start = at;
    at += line.length + 1;
    return { text: line.endsWith('\r') ? line.slice(0, -1) : line, at: start };
  });
  return blocksOf(lines, { left: mostElements });
}

const safeScheme = /^(?:https?|mailto):/i;

/** @param {string} href @returns {string | null} the address, if it is one that is safe to offer */
export function safeHref(href) {
  return safeScheme.test(href) && URL.canParse(href) ? new URL(href).href : null;
}

// As many as any script puts on one letter; more would be drawn over what stands above and below, and take seconds.
const tooManyMarks = /(\p{M}{8})\p{M}+/gu;
// Longer than any emoji that is put together of several: without an end, one such sign takes a second to draw.
const tooLongSign = /(?:[^\s\u200d]{1,3}\u200d){8}|\p{Emoji_Modifier}{8}/gu;
const shortest = 9;

/** A text as it is drawn: without more marks on a letter, or parts of a sign, than there is room for. @param {string} text */
export function drawable(text) {
  return text.length < shortest ? text : text.replace(tooManyMarks, '$1').replace(tooLongSign, '$&\u200b');
}

/** Whether a message is a few emoji and nothing else: these are shown big. @param {string} text */
export function isBigEmoji(text) {
  if (text.length > longestBig || text.trim() === '' || !emojiOnly.test(text)) return false;
  return [...graphemes.segment(text.replace(/\s/g, ''))].length <= mostShownBig;
}
