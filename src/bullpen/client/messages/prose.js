// Where in a message's Markdown a sign such as `@` can mean something: not in code, links, addresses, and not after a
// backslash. `chat/prose.py` is the same scanner; tests/cases/mentions.json holds for both.

export const signs = '@\uff20\ufe6b';
// Channels are named as people are; only the client draws them.
export const hashes = '#\uff03';

const fencePattern = /`{3,}(?=[^`]*$)|~{3,}/y;
const rulePattern = /(?:(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})$/y;
const headingPattern = /#{1,6}(?=[ \t]|$)/y;
const itemPattern = /(?:[-*+]|[0-9]{1,9}[.)])(?=[ \t]|$)/y;
const firstItemPattern = /(?:[-*+]|1[.)])[ \t]+\S/y;
const widestIndent = 3;
const widestGap = 4;
const deepest = 20;

const special = new RegExp(`[\\\\\`\\[\\]<${signs}${hashes}]|://|www\\.(?=[A-Za-z0-9])`, 'gi');
const escapable = `!"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~${signs}${hashes}`;
const ticksPattern = /`+/g;
const autolink = /<[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*>/y;
// An address ends before white space and quotation, and before punctuation of other scripts.
const foreign =
  '\\u00a1\\u00a7\\u00ab\\u00b6\\u00bb\\u00bf\\u060c\\u061b\\u061f\\u06d4\\u0964\\u0965\\u2010-\\u2027' +
  '\\u2030-\\u205e\\u3001-\\u3003\\u3008-\\u3011\\u3014-\\u301f\\u3030' +
  '\\uff01-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65';
const host = `[^\\x00-,/:-@\\[-^\`{-\\x7f\\s${foreign}]*`;
const path = `[^\\s<>"\`\\\\^{|}${foreign}]`;
// Where no space stands between, a word of a script without spaces is no part of ".com".
const cut = '[A-Za-z0-9._-]*[A-Za-z0-9-](?=[\\u0e00-\\u0e7f\\u1100-\\u11ff\\u3040-\\u9fff\\uac00-\\ud7ff])';
const address = new RegExp(`${cut}|${host}(?:[/?#:@]${path}*)?`, 'y');
// In brackets, what may be the end of a link's text ends it as well.
const addressInLabel = new RegExp(`${cut}|${host}(?:[/?#:@](?:(?!\\]\\()${path})*)?`, 'y');
const parenthesisPattern = /[()\s]|\\[\s\S]/g;
const setOff = /\(\s*<[^<>\n]*>|\(\s+[^\s()]+/y;
const titlePattern = /\s*(?:"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*')?\s*\)/y;

/** @param {RegExp} pattern sticky @param {string} text @param {number} at @returns {string | null} */
export function matchAt(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

/** @param {string} text @param {string} [wanted] @returns {number[]} where it has a sign that is prose */
export function liveSigns(text, wanted = signs) {
  if (![...wanted].some((sign) => text.includes(sign))) return [];
  return paragraphs(text).flatMap(([start, end]) =>
    scan(text.slice(start, end), wanted).map((at) => start + at),
  );
}

/** @param {string} line @param {number} at @param {number} column @returns {[number, number]} */
function indented(line, at, column) {
  let after = at;
  let right = column;
  for (; line[after] === ' ' || line[after] === '\t'; after += 1)
    right += line[after] === '\t' ? 4 - (right % 4) : 1;
  return [after, right];
}

/** Parts that no markup reaches across, without fenced code. @param {string} text @returns {[number, number][]} */
function paragraphs(text) {
  /** @type {[number, number][]} */
  const found = [];
  /** @type {number | null} */
  let begun = null;
  let depth = 0;
  /** @type {number[]} the columns at which the contents of the open list items begin */
  let items = [];
  /** @type {{ sign: string, length: number, depth: number, column: number, start: number } | null} */
  let fence = null;
  // Whether anything stands in the open fence: an empty one is drawn as it was typed.
  let filled = false;

  const inside = () => items.at(-1) ?? 0;

  /** @param {number} end */
  function finish(end) {
    if (begun !== null && begun < end) found.push([begun, end]);
    begun = null;
  }

  /** @param {number} end */
  function unfence(end) {
    if (fence !== null && !filled) found.push([fence.start, end]);
    fence = null;
  }

  /** @param {string} line @param {number} at @param {boolean} begins @returns {number} */
  function markerOf(line, at, begins) {
    const marker = matchAt(itemPattern, line, at);
    if (marker === null || matchAt(rulePattern, line, at) !== null) return 0;
    if (!begins && items.length === 0 && matchAt(firstItemPattern, line, at) === null) return 0;
    return marker.length;
  }

  /** @param {string} line @param {number} start */
  function read(line, start) {
    let at = 0;
    let column = 0;
    let nested = 0;
    let begins = false;
    let open = items;
    items = [];
    for (let level = 0; level < deepest; level += 1) {
      [at, column] = indented(line, at, column);
      if (at === line.length) break;
      while (open.length > 0 && /** @type {number} */ (open[0]) <= column)
        items.push(/** @type {number} */ (open.shift()));
      if (column - inside() > widestIndent) break;
      if (line[at] === '>') {
        nested += 1;
        const space = line[at + 1] === ' ' ? 1 : 0;
        at += 1 + space;
        column += 1 + space;
        if (nested > depth) {
          open = [];
          items = [];
        }
        continue;
      }
      const marker = markerOf(line, at, begins || begun === null);
      if (marker === 0) break;
      const [after, right] = indented(line, at + marker, column + marker);
      let gap = right - column - marker;
      if (after === line.length || gap > widestGap) gap = 1;
      open = [];
      begins = true;
      items.push(column + marker + gap);
      at += marker;
      column += marker;
    }
    if (at === line.length) {
      if (nested === depth) items.push(...open);
      depth = nested;
      finish(start);
      return;
    }
    if (nested !== depth || begins) {
      depth = nested;
      finish(start);
    }
    take(line, start, at, column);
  }

  /** @param {string} line @param {number} start @param {number} at @param {number} column */
  function take(line, start, at, column) {
    if (column - inside() <= widestIndent) {
      const opening = matchAt(fencePattern, line, at);
      if (opening !== null) {
        finish(start);
        const sign = line[at] ?? '`';
        fence = { sign, length: opening.length, depth, column: inside(), start: start + at };
        filled = false;
        return;
      }
      if (matchAt(headingPattern, line, at) !== null || matchAt(rulePattern, line, at) !== null) {
        finish(start);
        begun = start + at;
        finish(start + line.length);
        return;
      }
    }
    begun ??= start + at;
  }

  /** Whether a line belongs to the open fence, perhaps as its end. @param {string} line @param {number} start */
  function isFenced(line, start) {
    if (fence === null) return false;
    let [at, column] = indented(line, 0, 0);
    for (let level = 0; level < fence.depth; level += 1) {
      if (line[at] !== '>') {
        unfence(start);
        return false;
      }
      [at, column] = indented(line, at + 1, column + 1);
    }
    if (fence.depth === 0 && column < fence.column && at < line.length) {
      unfence(start);
      return false;
    }
    let run = at;
    while (run < line.length && line[run] === fence.sign) run += 1;
    if (run - at >= fence.length && indented(line, run, 0)[0] === line.length) unfence(start + line.length);
    else if (at < line.length) filled = true;
    return true;
  }

  let start = 0;
  for (const line of text.split('\n')) {
    if (!isFenced(line, start)) read(line, start);
    start += line.length + 1;
  }
  unfence(text.length);
  finish(text.length);
  return found;
}

/** One pass over a paragraph. A link that turns out to be one takes its signs back. @param {string} text @param {string} wanted */
function scan(text, wanted) {
  /** @type {number[]} */
  const found = [];
  /** @type {number[]} */
  const labels = [];
  const afterCode = codeIn(text);
  const afterLink = linksIn(text);
  let at = 0;
  while (true) {
    special.lastIndex = at;
    const match = special.exec(text);
    if (match === null) return found;
    const here = match.index;
    const sign = match[0];
    at = here + sign.length;
    if (sign === '\\') {
      if (at < text.length && escapable.includes(/** @type {string} */ (text[at]))) at += 1;
    } else if (sign === '`') {
      at = afterCode(here);
    } else if (sign === '[') {
      labels.push(found.length);
    } else if (sign === ']') {
      const label = labels.pop();
      const tail = label === undefined ? null : afterLink(at);
      if (tail !== null) {
        found.length = label ?? 0;
        at = tail;
      }
    } else if (sign === '<') {
      at = here + (matchAt(autolink, text, here)?.length ?? 1);
    } else if (sign.length === 1) {
      if (wanted.includes(sign)) found.push(here);
    } else if (beginsAddress(text[here - 1] ?? '', sign)) {
      at += matchAt(labels.length > 0 ? addressInLabel : address, text, at)?.length ?? 0;
    }
  }
}

/** @param {string} before @param {string} sign */
function beginsAddress(before, sign) {
  return sign === '://' ? /[A-Za-z0-9+.-]/.test(before) : !/[A-Za-z0-9_]/.test(before);
}

/** @param {string} text @returns {(at: number) => number} behind the code that begins with the ticks there, or else behind them */
function codeIn(text) {
  /** @type {Map<number, number[]> | null} */
  let ticks = null;
  return (at) => {
    if (ticks === null) {
      ticks = new Map();
      for (const { 0: run, index } of text.matchAll(ticksPattern)) {
        const same = ticks.get(run.length);
        if (same) same.push(index);
        else ticks.set(run.length, [index]);
      }
      for (const runs of ticks.values()) runs.reverse();
    }
    let after = at;
    while (text[after] === '`') after += 1;
    const runs = ticks.get(after - at) ?? [];
    while (runs.length > 0 && /** @type {number} */ (runs.at(-1)) < after) runs.pop();
    const closing = runs.at(-1);
    return closing === undefined ? after : closing + after - at;
  };
}

/** @param {string} text @returns {(at: number) => number | null} behind the address of a link whose text ends before that */
function linksIn(text) {
  /** @type {Map<number, number | null>} */
  const tails = new Map();
  /** @type {Map<number, number> | null} */
  let closing = null;
  let space = -1;

  /** @param {number} at */
  function tailAt(at) {
    let tail = tails.get(at);
    if (tail === undefined) {
      const matched = matchAt(titlePattern, text, at);
      tail = matched === null ? null : at + matched.length;
      tails.set(at, tail);
    }
    return tail;
  }

  return (at) => {
    if (text[at] !== '(') return null;
    const apart = matchAt(setOff, text, at);
    if (apart !== null) return tailAt(at + apart.length);
    closing ??= parenthesesIn(text);
    const closed = closing.get(at);
    if (closed !== undefined) return closed > at + 1 ? closed + 1 : null;
    if (space < at) {
      const found = text.slice(at).search(/\s/);
      space = found === -1 ? text.length : at + found;
    }
    return tailAt(space);
  };
}

/** Where those close that hold no white space. @param {string} text @returns {Map<number, number>} */
function parenthesesIn(text) {
  const closing = new Map();
  const opened = [];
  for (const { 0: sign, index } of text.matchAll(parenthesisPattern)) {
    if (sign === '(') opened.push(index);
    else if (sign === ')') {
      const open = opened.pop();
      if (open !== undefined) closing.set(open, index);
    } else if (!sign.startsWith('\\')) opened.length = 0;
  }
  return closing;
}
