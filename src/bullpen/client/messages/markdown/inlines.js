// What stands within a paragraph: emphasis, code, links and line breaks. The delimiter algorithm of CommonMark, in
// time that grows with the length of the text: nothing is scanned twice, and nothing nests deeper than a bound.

import { isVisible } from '../../core/visible.js';
import { destinationAt, mailAround, webAddressAt } from './links.js';

/** @typedef {{ left: number }} Budget  how many elements a message may still become */
/** @typedef {{ text: string, at: number }} Line  at: where it begins in the message */
/** @typedef {{ type: 'text', raw: string, at: number }} Text  at: where it stands in the message, -1 for nowhere */
/** @typedef {{ type: 'escape' | 'codespan', raw: string, text: string, at: number }} Literal  at: of the text */
/** @typedef {{ type: 'br', raw: string }} Break */
/** @typedef {{ type: 'strong' | 'em' | 'del', tokens: Inline[] }} Emphasis */
/** @typedef {{ type: 'link', raw: string, href: string, tokens: Inline[] }} Link */
/** @typedef {{ type: 'image', raw: string, href: string, text: string, at: number }} Image  at: of the text */
/** @typedef {Text | Literal | Break | Emphasis | Link | Image} Inline */

/** A token, or a run of signs that may yet become one, in a list. @typedef {{ token: Inline, before: Node | null, after: Node | null }} Node */
/**
 * @typedef {{
 *   node: Node, sign: string, length: number, written: number, at: number, start: number, opens: boolean, closes: boolean,
 *   depth: number, before: Run | null, after: Run | null
 * }} Run  depth: of the emphasis between this run and the next
 */
/** @typedef {{ node: Node, at: number, place: number, image: boolean, run: Run | null }} Bracket  place: where it is in the message */

const deepest = 12;
const special = /[\\`*_~[\]<\n@]|!\[|https?:\/\/|www\./gi;
const punctuation = /[\p{P}\p{S}]/u;
const asciiPunctuation = /[!-/:-@[-`{-~]/;
const space = /[\s\p{Z}]/u;
// As in markdown-it-cjk-friendly: beside these, punctuation does not keep a run from being a delimiter.
const cjk =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Bopo}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u;

/** @param {Line[]} lines @param {Budget} budget @returns {Inline[]} */
export function inlinesOf(lines, budget) {
  return new Inlines(lines, budget).parse();
}

class Inlines {
  #source;
  #budget;
  #lines;
  /** The line of what is being taken, and where it begins in the source. */
  #line = 0;
  #lineStart = 0;
  /** Where what is not yet a node begins. */
  #from = 0;
  /** @type {Node | null} */
  #first = null;
  /** @type {Node | null} */
  #last = null;
  /** @type {Run | null} */
  #firstRun = null;
  /** @type {Run | null} */
  #lastRun = null;
  /** @type {Bracket[]} */
  #brackets = [];
  /** Below it, no bracket begins a link any more: a link cannot contain another. */
  #dead = 0;
  /** Where runs of backticks begin, by their length. @type {Map<number, { at: number[], next: number }> | null} */
  #backticks = null;

  /** @param {Line[]} lines @param {Budget} budget */
  constructor(lines, budget) {
    this.#source = lines.map(({ text }) => text).join('\n');
    this.#lines = lines;
    this.#budget = budget;
  }

  parse() {
    const source = this.#source;
    let at = 0;
    while (at < source.length && this.#budget.left > 0) {
      special.lastIndex = at;
      const match = special.exec(source);
      if (!match) break;
      at = this.#take(match[0], match.index);
    }
    this.#flush(source.length);
    this.#pair(null);
    return tokensFrom(this.#first);
  }

  /** @param {string} found @param {number} at @returns {number} where to go on */
  #take(found, at) {
    switch (found) {
      case '\\':
        return this.#escape(at);
      case '`':
        return this.#code(at);
      case '*':
      case '_':
      case '~':
        return this.#run(found, at);
      case '[':
      case '![':
        return this.#open(found, at);
      case ']':
        return this.#close(at);
      case '\n':
        return this.#leaf(at, at + 1, { type: 'br', raw: '\n' });
      case '<':
        return this.#angle(at);
      case '@':
        return this.#mail(at);
      default:
        return this.#address(at);
    }
  }

  /** @param {number} at */
  #escape(at) {
    const text = this.#source[at + 1] ?? '';
    if (!asciiPunctuation.test(text)) return at + 1;
    this.#flush(at);
    this.#append({ type: 'escape', raw: `\\${text}`, text, at: this.#placeOf(at + 1) });
    this.#from = at + 2;
    return at + 2;
  }

  /** @param {number} at */
  #code(at) {
    const source = this.#source;
    const length = runLength(source, at);
    const end = this.#closingBackticks(at, length);
    if (end === -1) return at + length;
    const inside = source.slice(at + length, end).replaceAll('\n', ' ');
    // Drawn empty, nobody would see what was typed.
    if (inside.trim() === '') return end + length;
    const padded = inside.startsWith(' ') && inside.endsWith(' ');
    const text = padded ? inside.slice(1, -1) : inside;
    const raw = source.slice(at, end + length);
    this.#flush(at);
    const place = this.#placeOf(at + length + (padded ? 1 : 0));
    return this.#leaf(at, end + length, { type: 'codespan', raw, text, at: place });
  }

  /** @param {number} at @param {number} length @returns {number} where as many backticks begin, -1 for nowhere */
  #closingBackticks(at, length) {
    if (!this.#backticks) {
      this.#backticks = new Map();
      for (const { 0: run, index } of this.#source.matchAll(/`+/g)) {
        const known = this.#backticks.get(run.length);
        if (known) known.at.push(index);
        else this.#backticks.set(run.length, { at: [index], next: 0 });
      }
    }
    const runs = this.#backticks.get(length);
    if (!runs) return -1;
    while (runs.next < runs.at.length && (runs.at[runs.next] ?? 0) <= at) runs.next += 1;
    return runs.at[runs.next] ?? -1;
  }

  /** @param {string} sign @param {number} at */
  #run(sign, at) {
    const source = this.#source;
    const length = runLength(source, at);
    const end = at + length;
    // A single tilde says "about", or from where to where.
    if (sign === '~' && length !== 2) return end;
    const before = signBefore(source, at);
    const after = signAt(source, end);
    const left = flanks(after, before);
    const right = flanks(before, after);
    const opens = left && (sign !== '_' || !right || punctuation.test(before));
    const closes = right && (sign !== '_' || !left || punctuation.test(after));
    if (!opens && !closes) return end;
    this.#flush(at);
    const node = this.#append(this.#text(at, end));
    /** @type {Run} */
    const run = {
      node,
      sign,
      length,
      written: length,
      at,
      start: this.#placeOf(at),
      opens,
      closes,
      depth: 0,
      before: this.#lastRun,
      after: null,
    };
    if (this.#lastRun) this.#lastRun.after = run;
    else this.#firstRun = run;
    this.#lastRun = run;
    this.#from = end;
    return end;
  }

  /** @param {string} found @param {number} at */
  #open(found, at) {
    this.#flush(at);
    const end = at + found.length;
    const text = this.#text(at, end);
    const node = this.#append(text);
    this.#brackets.push({ node, at, place: text.at, image: found === '![', run: this.#lastRun });
    this.#from = end;
    return end;
  }

  /** @param {number} at */
  #close(at) {
    const bracket = this.#brackets.pop();
    if (!bracket) return at + 1;
    const alive = bracket.image || this.#brackets.length >= this.#dead;
    this.#dead = Math.min(this.#dead, this.#brackets.length);
    const source = this.#source;
    const destination = alive && source[at + 1] === '(' ? destinationAt(source, at + 2) : null;
    if (!destination) return at + 1;
    this.#flush(at);
    const raw = source.slice(bracket.at, destination.end);
    const { href } = destination;
    const shown = source.slice(bracket.at + (bracket.image ? 2 : 1), at);
    const address = /** @type {Text} */ ({ type: 'text', raw: href, at: -1 });
    this.#pair(bracket.run);
    const inside = tokensFrom(bracket.node.after);
    this.#cutAt(bracket.node);
    if (bracket.image) {
      const seen = isVisible(shown);
      this.#append({
        type: 'image',
        raw,
        href,
        text: seen ? shown : href,
        at: seen ? bracket.place + 2 : -1,
      });
    } else {
      this.#append({ type: 'link', raw, href, tokens: isVisible(shown) ? inside : [address] });
      this.#dead = this.#brackets.length;
    }
    this.#budget.left -= 1;
    this.#from = destination.end;
    return destination.end;
  }

  /** An address in angle brackets. @param {number} at */
  #angle(at) {
    const source = this.#source;
    const address = /<(?:https?:\/\/|mailto:)[^\s<>]*>/iy;
    address.lastIndex = at;
    const [raw] = address.exec(source) ?? [];
    if (raw) {
      const tokens = [this.#text(at + 1, at + raw.length - 1)];
      return this.#leaf(at, at + raw.length, { type: 'link', raw, href: raw.slice(1, -1), tokens });
    }
    const sign = source.slice(at, at + 66).indexOf('@');
    const mail = sign > 0 ? mailAround(source, at + sign, at + 1) : null;
    if (!mail || mail.start !== at + 1 || source[mail.end] !== '>') return at + 1;
    const text = this.#text(mail.start, mail.end);
    const href = `mailto:${text.raw}`;
    return this.#leaf(at, mail.end + 1, { type: 'link', raw: `<${text.raw}>`, href, tokens: [text] });
  }

  /** @param {number} at */
  #mail(at) {
    const mail = mailAround(this.#source, at, this.#from);
    if (!mail) return at + 1;
    const text = this.#text(mail.start, mail.end);
    const href = `mailto:${text.raw}`;
    return this.#leaf(mail.start, mail.end, { type: 'link', raw: text.raw, href, tokens: [text] });
  }

  /** @param {number} at */
  #address(at) {
    const address = webAddressAt(this.#source, at, this.#brackets.length > 0);
    if (!address) return at + 1;
    const text = this.#text(at, address.end);
    const { href, end } = address;
    return this.#leaf(at, end, { type: 'link', raw: text.raw, href, tokens: [text] });
  }

  /** @param {number} start @param {number} end @param {Inline} token that has its place there @returns {number} the end */
  #leaf(start, end, token) {
    this.#flush(start);
    this.#append(token);
    this.#budget.left -= 1;
    this.#from = end;
    return end;
  }

  /** What was passed over becomes a text. @param {number} to */
  #flush(to) {
    if (to > this.#from) this.#append(this.#text(this.#from, to));
    this.#from = to;
  }

  /** @param {number} start @param {number} end @returns {Text} */
  #text(start, end) {
    return { type: 'text', raw: this.#source.slice(start, end), at: this.#placeOf(start) };
  }

  /** Where a place of the source is in the message. They are asked for in their order. @param {number} place */
  #placeOf(place) {
    let line = this.#lines[this.#line];
    while (line && place > this.#lineStart + line.text.length) {
      this.#lineStart += line.text.length + 1;
      this.#line += 1;
      line = this.#lines[this.#line];
    }
    return (line?.at ?? 0) + place - this.#lineStart;
  }

  /** @param {Inline} token @returns {Node} */
  #append(token) {
    const node = { token, before: this.#last, after: null };
    if (this.#last) this.#last.after = node;
    else this.#first = node;
    this.#last = node;
    return node;
  }

  /** Takes a node and all after it out of the list. @param {Node} node */
  #cutAt(node) {
    this.#last = node.before;
    if (node.before) node.before.after = null;
    else this.#first = null;
  }

  /** Makes emphasis of the runs after `bottom`, and forgets them. @param {Run | null} bottom */
  #pair(bottom) {
    /** Below it, a run like this one finds none to open it. @type {Map<string, number>} */
    const lowest = new Map();
    let closer = bottom ? bottom.after : this.#firstRun;
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
    while (this.#lastRun && this.#lastRun !== bottom) this.#forget(this.#lastRun);
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
    } else this.#firstRun = after;
    if (after) after.before = before;
    else this.#lastRun = before;
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

/** Texts beside each other are one. @param {Node | null} first @returns {Inline[]} */
function tokensFrom(first) {
  /** @type {Inline[]} */
  const tokens = [];
  /** @type {string[]} */
  let texts = [];
  let at = -1;
  const end = () => {
    const raw = texts.join('');
    if (raw !== '') tokens.push({ type: 'text', raw, at });
    texts = [];
  };
  for (let node = first; node; node = node.after) {
    if (node.token.type === 'text') {
      if (node.token.raw === '') continue;
      if (texts.length === 0) at = node.token.at;
      texts.push(node.token.raw);
    } else {
      end();
      tokens.push(node.token);
    }
  }
  end();
  return tokens;
}

/** How often the sign at a place is repeated there. @param {string} text @param {number} at */
function runLength(text, at) {
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
