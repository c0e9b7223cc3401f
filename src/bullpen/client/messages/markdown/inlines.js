// What stands within a paragraph: emphasis, code, links and line breaks. The delimiter algorithm of CommonMark, in
// time that grows with the length of the text: nothing is scanned twice, and nothing nests deeper than a bound.

import { isVisible } from '../../core/visible.js';
import { destinationAt, mailAround, webAddressAt } from './links.js';
import { Runs, runAt, runLength } from './runs.js';
import { TokenList, tokensFrom } from './token-list.js';

/** @import { Run } from './runs.js' */
/** @import { Node } from './token-list.js' */

/** @typedef {{ left: number }} Budget  how many elements a message may still become */
/** @typedef {{ text: string, at: number }} Line  at: where it begins in the message */
/** @typedef {{ type: 'text', raw: string, at: number }} Text  at: where it stands in the message, -1 for nowhere */
/** @typedef {{ type: 'escape' | 'codespan', raw: string, text: string, at: number }} Literal  at: of the text */
/** @typedef {{ type: 'br', raw: string }} Break */
/** @typedef {{ type: 'strong' | 'em' | 'del', tokens: Inline[] }} Emphasis */
/** @typedef {{ type: 'link', raw: string, href: string, tokens: Inline[] }} Link */
/** @typedef {{ type: 'image', raw: string, href: string, text: string, at: number }} Image  at: of the text */
/** @typedef {Text | Literal | Break | Emphasis | Link | Image} Inline */

/** @typedef {{ node: Node, at: number, place: number, image: boolean, run: Run | null }} Bracket  place: where it is in the message */

const special = /[\\`*_~[\]<\n@]|!\[|https?:\/\/|www\./gi;
const asciiPunctuation = /[!-/:-@[-`{-~]/;
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
  #tokens = new TokenList();
  #runs;
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
    this.#runs = new Runs(budget);
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
    this.#runs.pair(null);
    return tokensFrom(this.#tokens.first);
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
    this.#tokens.append({ type: 'escape', raw: `\\${text}`, text, at: this.#placeOf(at + 1) });
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
    const found = runAt(this.#source, sign, at);
    if (!found.opens && !found.closes) return found.end;
    this.#flush(at);
    const text = this.#text(at, found.end);
    this.#runs.add(this.#tokens.append(text), sign, at, text.at, found);
    this.#from = found.end;
    return found.end;
  }

  /** @param {string} found @param {number} at */
  #open(found, at) {
    this.#flush(at);
    const end = at + found.length;
    const text = this.#text(at, end);
    const node = this.#tokens.append(text);
    this.#brackets.push({ node, at, place: text.at, image: found === '![', run: this.#runs.last });
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
    this.#runs.pair(bracket.run);
    const inside = tokensFrom(bracket.node.after);
    this.#tokens.cutAt(bracket.node);
    if (bracket.image) {
      const seen = isVisible(shown);
      this.#tokens.append({
        type: 'image',
        raw,
        href,
        text: seen ? shown : href,
        at: seen ? bracket.place + 2 : -1,
      });
    } else {
      this.#tokens.append({ type: 'link', raw, href, tokens: isVisible(shown) ? inside : [address] });
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
    this.#tokens.append(token);
    this.#budget.left -= 1;
    this.#from = end;
    return end;
  }

  /** What was passed over becomes a text. @param {number} to */
  #flush(to) {
    if (to > this.#from) this.#tokens.append(this.#text(this.#from, to));
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
}
