// Runs of `*`, `_` and `~`, which become emphasis where one that may open meets one that may close: the delimiter algorithm
// of CommonMark.

import { isVisible } from '../../core/visible.js';
import { tokensFrom } from './token-list.js';

/** @import { Budget, Emphasis } from './inlines.js' */
/** @import { Node } from './token-list.js' */

/**
 * @typedef {{
 *   node: Node, sign: string, length: number, written: number, at: number, start: number, opens: boolean, closes: boolean,
 *   depth: number, before: Run | null, after: Run | null
 * }} Run  depth: of the emphasis between this run and the next
 */
/** @typedef {{ end: number, opens: boolean, closes: boolean }} Found  end: where the run ends in the source */

const deepest = 12;
const punctuation = /[\p{P}\p{S}]/u;
const space = /[\s\p{Z}]/u;
// As in markdown-it-cjk-friendly: beside these, punctuation does not keep a run from being a delimiter.
const cjk =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Bopo}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u;

/** What the run of signs that begins at a place may do. @param {string} source @param {string} sign @param {number} at @returns {Found} */
export function runAt(source, sign, at) {
  const length = runLength(source, at);
  const end = at + length;
  // A single tilde says "about", or from where to where.
  if (sign === '~' && length !== 2) return { end, opens: false, closes: false };
  const before = signBefore(source, at);
  const after = signAt(source, end);
  const left = flanks(after, before);
  const right = flanks(before, after);
  const opens = left && (sign !== '_' || !right || punctuation.test(before));
  const closes = right && (sign !== '_' || !left || punctuation.test(after));
  return { end, opens, closes };
}

export class Runs {
  /** @type {Run | null} */
  #first = null;
  /** @type {Run | null} */
  #last = null;
  #budget;

  /** @param {Budget} budget */
  constructor(budget) {
    this.#budget = budget;
  }

  get last() {
    return this.#last;
  }

  /** @param {Node} node @param {string} sign @param {number} at @param {number} start in the message @param {Found} found */
  add(node, sign, at, start, { end, opens, closes }) {
    const length = end - at;
    /** @type {Run} */
    const run = {
      node,
      sign,
      length,
      written: length,
      at,
      start,
      opens,
      closes,
      depth: 0,
      before: this.#last,
      after: null,
    };
    if (this.#last) this.#last.after = run;
    else this.#first = run;
    this.#last = run;
  }

  /** Makes emphasis of the runs after `bottom`, and forgets them. @param {Run | null} bottom */
  pair(bottom) {
    /** Below it, a run like this one finds none to open it. @type {Map<string, number>} */
    const lowest = new Map();
    let closer = bottom ? bottom.after : this.#first;
    while (closer) {
      if (!closer.closes) {
        closer = closer.after;
        continue;
      }
      const kind = `${closer.sign}${closer.opens}${closer.written % 3}`;
      const floor = lowest.get(kind) ?? -1;
      let opener = closer.before;
      while (opener && opener !== bottom && opener.at >= floor && !belong(opener, closer))
        opener = opener.before;
      if (!opener || opener === bottom || opener.at < floor) {
        lowest.set(kind, closer.at);
        const next = closer.after;
        if (!closer.opens) this.#forget(closer);
        closer = next;
        continue;
      }
      while (closer.before && closer.before !== opener) this.#forget(closer.before);
      closer = this.#join(opener, closer);
    }
    while (this.#last && this.#last !== bottom) this.#forget(this.#last);
  }

  /** @param {Run} opener @param {Run} closer @returns {Run | null} the run to go on with */
  #join(opener, closer) {
    const next = closer.after;
    const only = opener.node.after === closer.node.before ? opener.node.after : null;
    const empty = only?.token.type === 'text' && !isVisible(only.token.raw);
    if (opener.depth >= deepest || empty || this.#budget.left <= 0) {
      this.#forget(closer);
      this.#forget(opener);
      return next;
    }
    const size = opener.length >= 2 && closer.length >= 2 ? 2 : 1;
    const type = opener.sign === '~' ? 'del' : size === 2 ? 'strong' : 'em';
    const inside = opener.node.after;
    const last = closer.node.before;
    if (inside && last && inside !== closer.node) {
      inside.before = null;
      last.after = null;
      const token = /** @type {Emphasis} */ ({ type, tokens: tokensFrom(inside) });
      const node = { token, before: opener.node, after: closer.node };
      opener.node.after = node;
      closer.node.before = node;
    }
    this.#budget.left -= 1;
    opener.depth += 1;
    opener.length -= size;
    closer.length -= size;
    closer.start += size;
    if (opener.length === 0) this.#forget(opener);
    if (closer.length > 0) return closer;
    this.#forget(closer);
    return next;
  }

  /** A run that is no delimiter any more: what is left of it is text. @param {Run} run */
  #forget(run) {
    run.node.token = { type: 'text', raw: run.sign.repeat(run.length), at: run.start };
    const { before, after } = run;
    if (before) {
      before.after = after;
      before.depth = Math.max(before.depth, run.depth);
    } else this.#first = after;
    if (after) after.before = before;
    else this.#last = before;
  }
}

/** @param {Run} opener @param {Run} closer */
function belong(opener, closer) {
  if (opener.sign !== closer.sign || !opener.opens) return false;
  if (!opener.closes && !closer.opens) return true;
  const { written } = opener;
  return (written + closer.written) % 3 !== 0 || (written % 3 === 0 && closer.written % 3 === 0);
}

/** Whether a run touches what it would mark. @param {string} touched @param {string} other the sign at its other side */
function flanks(touched, other) {
  if (touched === '' || space.test(touched)) return false;
  if (!punctuation.test(touched) || cjk.test(touched)) return true;
  return other === '' || space.test(other) || punctuation.test(other) || cjk.test(other);
}

/** How often the sign at a place is repeated there. @param {string} text @param {number} at */
export function runLength(text, at) {
  let end = at + 1;
  while (text[end] === text[at]) end += 1;
  return end - at;
}

/** @param {string} text @param {number} at */
function signAt(text, at) {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
}

/** @param {string} text @param {number} at */
function signBefore(text, at) {
  const low = text.charCodeAt(at - 1);
  return at > 1 && low >= 0xdc00 && low <= 0xdfff ? signAt(text, at - 2) : (text[at - 1] ?? '');
}
