// The tokens of a paragraph while it is parsed: a linked list, since emphasis puts tokens into other tokens.

/** @import { Inline } from './inlines.js' */

/** A token, or a run of signs that may yet become one, in a list. @typedef {{ token: Inline, before: Node | null, after: Node | null }} Node */

export class TokenList {
  /** @type {Node | null} */
  first = null;
  /** @type {Node | null} */
  #last = null;

  /** @param {Inline} token @returns {Node} */
  append(token) {
    const node = { token, before: this.#last, after: null };
    if (this.#last) this.#last.after = node;
    else this.first = node;
    this.#last = node;
    return node;
  }

  /** Takes a node and all after it out of the list. @param {Node} node */
  cutAt(node) {
    this.#last = node.before;
    if (node.before) node.before.after = null;
    else this.first = null;
  }
}

/** Texts beside each other are one. @param {Node | null} first @returns {Inline[]} */
export function tokensFrom(first) {
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
