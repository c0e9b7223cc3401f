// What a message consists of: paragraphs, lists, quotes, fences, tables. Line by line, in time that grows with the
// length of the text: containers nest up to a bound, and what would be drawn empty stays as it was typed.

import { isVisible } from '../../core/visible.js';
import { inlinesOf } from './inlines.js';

/** @import { Budget, Inline, Line } from './inlines.js' */

/** @typedef {{ type: 'paragraph' | 'heading', tokens: Inline[] }} Paragraph */
/** @typedef {{ type: 'blockquote', tokens: Block[] }} Quote */
/** @typedef {{ type: 'code', text: string, language: string, lines: Line[] }} Code  language: as it was typed, or '' */
/** @typedef {{ type: 'hr', line: Line }} Rule */
/** @typedef {{ type: 'table', header: Inline[][], rows: Inline[][][] }} Table */
/** @typedef {{ number: number, checked: boolean | null, tokens: Block[] }} Item */
/** @typedef {{ type: 'list', mark: string, loose: boolean, items: Item[] }} List  mark: `-`, `*`, `+`, `.` or `)` */
/** @typedef {Paragraph | Quote | Code | Rule | Table | List} Block */

const deepest = 8;
const mostColumns = 50;
const mostCells = 1_000;
const longestLanguage = 30;

const fence = /^( {0,3})(`{3,}|~{3,})(.*)$/s;
const heading = /^ {0,3}#{1,6}[ \t]+(\S.*)$/s;
const quote = /^ {0,3}> ?/;
// A number of four digits is a year, more often than the place of an item.
const item = /^( {0,3})(?:([-+*])|(\d{1,3})([.)]))[ \t]{1,4}(?=\S)/;
const task = /^\[([ xX])\][ \t]+(?=\S)/;
const delimiterRow = /^[ \t|:-]+$/;
const delimiter = /^:?-+:?$/;

/** @param {Line[]} lines @param {Budget} budget @param {number} [depth] @returns {Block[]} */
export function blocksOf(lines, budget, depth = 0) {
  /** @type {Block[]} */
  const blocks = [];
  let at = 0;
  while (at < lines.length) {
    if (isBlank(lines[at]?.text)) {
      at += 1;
      continue;
    }
    budget.left -= 1;
    if (budget.left <= 0) {
      blocks.push(asTyped(lines.slice(at), budget));
      break;
    }
    const found =
      fenceAt(lines, at, budget) ??
      headingAt(lines, at, budget) ??
      ruleAt(lines, at) ??
      (depth < deepest ? (quoteAt(lines, at, budget, depth) ?? listAt(lines, at, budget, depth)) : null) ??
      tableAt(lines, at, budget) ??
      paragraphAt(lines, at, budget, depth);
    blocks.push(found.block);
    at = found.end;
  }
  // A line that parts nothing from nothing is what somebody typed.
  return blocks.every(isRule) ? blocks.map(({ line }) => asTyped([line], budget)) : blocks;
}

/** @typedef {{ block: Block, end: number }} Found  end: the line after it */

/** @param {Block} block @returns {block is Rule} */
function isRule(block) {
  return block.type === 'hr';
}

/** @param {string | undefined} line */
function isBlank(line = '') {
  return line.trim() === '';
}

/** @param {Line[]} lines @param {Budget} budget @returns {Paragraph} */
function asTyped(lines, budget) {
  budget.left -= lines.length;
  if (budget.left <= 0) {
    const raw = lines.map(({ text }) => text).join('\n');
    return { type: 'paragraph', tokens: [{ type: 'text', raw, at: lines[0]?.at ?? -1 }] };
  }
  const tokens = lines.flatMap(({ text, at }) => [
    /** @type {Inline} */ ({ type: 'br', raw: '\n' }),
    /** @type {Inline} */ ({ type: 'text', raw: text, at }),
  ]);
  return { type: 'paragraph', tokens: tokens.slice(1) };
}

/** @param {Line[]} lines @param {number} at @param {Budget} budget @returns {Found | null} */
function fenceAt(lines, at, budget) {
  const [, indent = '', mark = '', info = ''] = fence.exec(lines[at]?.text ?? '') ?? [];
  if (mark === '' || (mark[0] === '`' && info.includes('`'))) return null;
  let end = at + 1;
  while (end < lines.length && !closes(lines[end]?.text ?? '', mark)) end += 1;
  const inside = lines.slice(at + 1, end).map((line) => withoutIndent(line, indent.length));
  const text = inside.map((line) => line.text).join('\n');
  const after = Math.min(end + 1, lines.length);
  return {
    block: isVisible(text)
      ? { type: 'code', text, language: languageIn(info), lines: inside }
      : asTyped(lines.slice(at, after), budget),
    end: after,
  };
}

/** What stands behind a fence: its first word names the language. @param {string} info */
function languageIn(info) {
  const word = info.trim().split(/[\s{,]/)[0] ?? '';
  return word.length <= longestLanguage ? word : '';
}

/** @param {string} line @param {string} mark */
function closes(line, mark) {
  const found = fence.exec(line);
  return found !== null && (found[2] ?? '').startsWith(mark) && isBlank(found[3]);
}

/** @param {Line[]} lines @param {number} at @param {Budget} budget @returns {Found | null} */
function headingAt(lines, at, budget) {
  const line = lines[at];
  const text = heading.exec(line?.text ?? '')?.[1] ?? '';
  if (!line || !isVisible(text)) return null;
  const tokens = inlinesOf([from(line, line.text.length - text.length)], budget);
  return { block: { type: 'heading', tokens }, end: at + 1 };
}

/** @param {Line[]} lines @param {number} at @returns {Found | null} */
function ruleAt(lines, at) {
  const line = lines[at];
  return line && isRuleLine(line.text) ? { block: { type: 'hr', line }, end: at + 1 } : null;
}

/** @param {string} line */
function isRuleLine(line) {
  const [sign = ''] = line.trimStart();
  if (!'-_*'.includes(sign) || indentOf(line) > 3) return false;
  const signs = line.replace(/[ \t]/g, '');
  return signs.length >= 3 && signs === sign.repeat(signs.length);
}

/** Only lines that begin with the sign: a line without it is somebody's answer. @param {Line[]} lines @param {number} at @param {Budget} budget @param {number} depth @returns {Found | null} */
function quoteAt(lines, at, budget, depth) {
  let end = at;
  while (end < lines.length && quote.test(lines[end]?.text ?? '')) end += 1;
  if (end === at) return null;
  const inside = lines.slice(at, end).map((line) => from(line, quote.exec(line.text)?.[0].length ?? 0));
  if (!inside.some(({ text }) => isVisible(text)))
    return { block: asTyped(lines.slice(at, end), budget), end };
  return { block: { type: 'blockquote', tokens: blocksOf(inside, budget, depth + 1) }, end };
}

/** @param {Line[]} lines @param {number} first @param {Budget} budget @param {number} depth @returns {Found | null} */
function listAt(lines, first, budget, depth) {
  const begun = itemIn(lines[first]?.text);
  if (!begun) return null;
  /** @type {Item[]} */
  const items = [];
  let loose = false;
  let at = first;
  for (let next = begun; next && next.mark === begun.mark && budget.left > 0; ) {
    const { number, width } = next;
    const inside = [from(lines[at], width)];
    const least = Math.min(width, next.indent + 2);
    let end = at + 1;
    let blank = 0;
    for (let line = end; line < lines.length; line += 1) {
      if (isBlank(lines[line]?.text)) {
        blank += 1;
        continue;
      }
      if (indentOf(lines[line]?.text ?? '') < least) break;
      if (blank > 0) loose = true;
      for (; blank > 0; blank -= 1) inside.push({ text: '', at: -1 });
      inside.push(withoutIndent(lines[line], width));
      end = line + 1;
    }
    items.push(itemOf(number, inside, budget, depth));
    let following = end;
    while (following < lines.length && isBlank(lines[following]?.text)) following += 1;
    const after = itemIn(lines[following]?.text);
    at = end;
    if (!after || after.mark !== begun.mark || isRuleLine(lines[following]?.text ?? '')) break;
    if (following > end) loose = true;
    at = following;
    next = after;
  }
  return { block: { type: 'list', mark: begun.mark, loose, items }, end: at };
}

/** @param {string | undefined} line */
function itemIn(line = '') {
  const match = item.exec(line);
  if (!match) return null;
  const [all, indent = '', bullet, digits = '', closing = ''] = match;
  if (!isVisible(line.slice(all.length))) return null;
  return { indent: indent.length, mark: bullet ?? closing, number: Number(digits), width: all.length };
}

/** @param {number} number @param {Line[]} lines @param {Budget} budget @param {number} depth @returns {Item} */
function itemOf(number, lines, budget, depth) {
  budget.left -= 1;
  const [all = '', mark] = task.exec(lines[0]?.text ?? '') ?? [];
  const inside = [from(lines[0], all.length), ...lines.slice(1)];
  const checked = mark === undefined ? null : mark !== ' ';
  return { number, checked, tokens: blocksOf(inside, budget, depth + 1) };
}

/** @param {Line[]} lines @param {number} at @param {Budget} budget @returns {Found | null} */
function tableAt(lines, at, budget) {
  const columns = columnsAt(lines, at);
  if (columns === 0) return null;
  /** @param {Line | undefined} line */
  const cellsOf = (line) => {
    const cells = cellsIn(line).slice(0, columns);
    while (cells.length < columns) cells.push({ text: '', at: -1 });
    budget.left -= columns;
    return cells.map((cell) => inlinesOf([cell], budget));
  };
  const header = cellsOf(lines[at]);
  const rows = [];
  let end = at + 2;
  while (
    end < lines.length &&
    isRow(lines, end) &&
    (rows.length + 2) * columns <= mostCells &&
    budget.left > 0
  ) {
    rows.push(cellsOf(lines[end]));
    end += 1;
  }
  return { block: { type: 'table', header, rows }, end };
}

/** How many columns a table has that begins at a line: none where none does. @param {Line[]} lines @param {number} at */
function columnsAt(lines, at) {
  const below = lines[at + 1];
  if (!below || !delimiterRow.test(below.text) || !lines[at]?.text.includes('|')) return 0;
  const delimiters = cellsIn(below);
  if (delimiters.length > mostColumns || !delimiters.every(({ text }) => delimiter.test(text))) return 0;
  const header = cellsIn(lines[at]);
  return header.length === delimiters.length && header.some(({ text }) => isVisible(text))
    ? header.length
    : 0;
}

/** @param {Line[]} lines @param {number} at */
function isRow(lines, at) {
  return !isBlank(lines[at]?.text) && Boolean(lines[at]?.text.includes('|')) && !begins(lines, at);
}

/** @param {Line | undefined} line @returns {Line[]} */
function cellsIn(line) {
  const text = line?.text.trimEnd() ?? '';
  const cells = [];
  let start = text.length - text.trimStart().length;
  if (text[start] === '|') start += 1;
  for (let at = start; at <= text.length; at += 1) {
    if (text[at] === '\\' && at + 1 < text.length) at += 1;
    else if (text[at] === '|' || (at === text.length && at > start)) {
      const cell = text.slice(start, at);
      const lead = cell.length - cell.trimStart().length;
      cells.push({ text: cell.trim(), at: (line?.at ?? 0) + start + lead });
      start = at + 1;
    }
  }
  return cells;
}

/** @param {Line[]} lines @param {number} at @param {Budget} budget @param {number} depth @returns {Found} */
function paragraphAt(lines, at, budget, depth) {
  let end = at + 1;
  while (end < lines.length && !isBlank(lines[end]?.text) && !interrupts(lines, end, depth)) end += 1;
  return { block: { type: 'paragraph', tokens: inlinesOf(lines.slice(at, end), budget) }, end };
}

/** @param {Line[]} lines @param {number} at @param {number} depth */
function interrupts(lines, at, depth) {
  if (begins(lines, at) || columnsAt(lines, at) > 0) return true;
  if (depth >= deepest) return false;
  const found = itemIn(lines[at]?.text);
  return quote.test(lines[at]?.text ?? '') || (found !== null && found.number <= 1);
}

/** Whether a fence, a heading or a rule is at a line. @param {Line[]} lines @param {number} at */
function begins(lines, at) {
  const line = lines[at]?.text ?? '';
  const [, , mark, info = ''] = fence.exec(line) ?? [];
  if (mark !== undefined && !(mark[0] === '`' && info.includes('`'))) return true;
  return isVisible(heading.exec(line)?.[1] ?? '') || isRuleLine(line);
}

/** How far a line is indented: a tab goes to the next column that four divides. @param {string} line */
function indentOf(line) {
  let column = 0;
  for (const sign of line) {
    if (sign === ' ') column += 1;
    else if (sign === '\t') column += 4 - (column % 4);
    else break;
  }
  return column;
}

/** @param {Line | undefined} line @param {number} columns at most as many are taken away @returns {Line} */
function withoutIndent(line = { text: '', at: -1 }, columns) {
  const { text } = line;
  let column = 0;
  let at = 0;
  while (column < columns && (text[at] === ' ' || text[at] === '\t')) {
    column += text[at] === ' ' ? 1 : 4 - (column % 4);
    at += 1;
  }
  return from(line, at);
}

/** @param {Line | undefined} line @param {number} start @returns {Line} what is left of it from there on */
function from(line = { text: '', at: -1 }, start) {
  return { text: line.text.slice(start), at: line.at + start };
}
