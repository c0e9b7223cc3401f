// What a message says, without its Markdown: for places where there is no room for paragraphs, lists and links.
import { tokensOf } from './markdown/markdown.js';

/** @import { Block } from './markdown/blocks.js' */
/** @import { Inline } from './markdown/inlines.js' */

/** @typedef {{ text: string, at: number }} Piece  at: where it stands in the message, -1 for nowhere */

/** @param {string} text @returns {Piece[]} */
export function piecesOf(text) {
  /** @type {Piece[]} */
  const pieces = [];
  collect(tokensOf(text), pieces);
  return pieces;
}

/** @param {string} text */
export function plainText(text) {
  return piecesOf(text)
    .map((piece) => piece.text)
    .join('')
    .replace(/\s+/g, ' ')
    .trim();
}

/** @param {(Block | Inline)[]} tokens @param {Piece[]} pieces to which they are added */
function collect(tokens, pieces) {
  for (const token of tokens) {
    switch (token.type) {
      case 'text':
        pieces.push({ text: token.raw, at: token.at });
        break;
      case 'escape':
      case 'codespan':
      case 'image':
        pieces.push({ text: token.text, at: token.at });
        break;
      case 'br':
        pieces.push(apart);
        break;
      case 'hr':
        break;
      case 'code':
        for (const line of token.lines) pieces.push(line, apart);
        break;
      case 'list':
        for (const item of token.items) {
          pieces.push({ text: /[.)]/.test(token.mark) ? `${item.number}${token.mark} ` : '• ', at: -1 });
          collect(item.tokens, pieces);
        }
        break;
      case 'table':
        for (const cell of [token.header, ...token.rows].flat()) {
          collect(cell, pieces);
          pieces.push(apart);
        }
        break;
      default:
        collect(token.tokens, pieces);
        if (blocks.has(token.type)) pieces.push(apart);
    }
  }
}

/** @type {Piece} */
const apart = { text: ' ', at: -1 };
const blocks = new Set(['paragraph', 'heading', 'blockquote']);
