// What a message's text is made of. Only the lexer of the vendored Markdown library is used: its HTML renderer is not,
// so that no text can ever become markup.
import { Lexer, Tokenizer } from 'marked';

/** @import { Token } from 'marked' */

// What emoji are put together from. \p{RGI_Emoji} says it in one word, and takes a tenth of a second to compile.
const emojiOnly =
  /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[#*0-9]\ufe0f?\u20e3|[\u{e0020}-\u{e007f}]|[\u200d\ufe0f\s])+$/u;
const longestBig = 200;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const mostShownBig = 12;

/** What is Markdown in a document but a surprise in a chat stays as it was typed. */
class ChatTokenizer extends Tokenizer {
  /** Four leading spaces do not make code; fences do. @override */
  code() {
    return undefined;
  }

  /** A line of dashes below a text does not make it a heading. @override */
  lheading() {
    return undefined;
  }

  /** A link definition would vanish from what somebody wrote. @override */
  def() {
    return undefined;
  }

  /** HTML is shown as it was typed. @override */
  html() {
    return undefined;
  }

  /** @override */
  tag() {
    return undefined;
  }
}

/** @param {string} text @returns {Token[]} */
export function tokensOf(text) {
  try {
    return new Lexer({ gfm: true, breaks: true, tokenizer: new ChatTokenizer() }).lex(text);
  } catch {
    // Thousands of nested quotes exhaust the stack: such a text is shown as it was typed.
    return [{ type: 'paragraph', raw: text, text, tokens: [{ type: 'text', raw: text, text }] }];
  }
}

/** @param {string} href @returns {string | null} the address, if it is one that is safe to offer */
export function safeHref(href) {
  try {
    const url = new URL(href);
    return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** Whether a message is a few emoji and nothing else: these are shown big. @param {string} text */
export function isBigEmoji(text) {
  if (text.length > longestBig || text.trim() === '' || !emojiOnly.test(text)) return false;
  return [...graphemes.segment(text.replace(/\s/g, ''))].length <= mostShownBig;
}

const named = /(?<![\p{L}\p{N}_/@#&.-])([@#])([\p{L}\p{N}](?:[\p{L}\p{N}_.-]{0,78}[\p{L}\p{N}_])?)/gu;

/**
 * A text cut up into what may name somebody or a channel, and the rest.
 * @param {string} text
 * @returns {{ sign: '@' | '#' | null, name: string, raw: string }[]}
 */
export function namesIn(text) {
  const found = [];
  let from = 0;
  for (const match of text.matchAll(named)) {
    if (match.index > from) found.push({ sign: null, name: '', raw: text.slice(from, match.index) });
    found.push({ sign: /** @type {'@' | '#'} */ (match[1]), name: match[2] ?? '', raw: match[0] });
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ sign: null, name: '', raw: text.slice(from) });
  return found;
}
