// The colors of code. The highlighter is loaded when the first code with a language is on screen; of its answer only the
// tree is used, from which elements are made.
import { h } from 'preact';

/** @import { ComponentChildren } from 'preact' */
/** @typedef {string | { scope?: string, children: Piece[] }} Piece */
/** @typedef {(text: string, language: string) => ComponentChildren | null} Colors  null: the language is not known */
/** @typedef {{ getLanguage: (name: string) => unknown, highlight: (text: string, options: { language: string, ignoreIllegals: boolean }) => { _emitter: { rootNode: { children: Piece[] } } } }} Highlighter */

const library = new URL('../vendor/highlight/highlight.js', import.meta.url).href;
// Of longer code the time to color it is felt; of longer lines the browser's time to draw it.
const longest = 20_000;
const longestLine = 1_000;

/** The highlighter's scopes by the color that they get. */
const groups = {
  keyword: ['keyword', 'selector-tag', 'name', 'tag', 'section', 'doctag'],
  string: ['string', 'regexp', 'char', 'link', 'code', 'formula', 'addition'],
  number: ['number', 'literal', 'symbol', 'bullet'],
  name: ['title', 'function', 'class', 'selector-id', 'selector-class'],
  type: ['type', 'built_in', 'attr', 'attribute', 'property', 'variable', 'template-variable', 'meta'],
  quiet: ['comment', 'quote', 'deletion'],
};
const groupOf = new Map(
  Object.entries(groups).flatMap(([group, scopes]) => scopes.map((scope) => [scope, group])),
);

/** @param {string} text @param {string} language */
export function isColorable(text, language) {
  if (language === '' || text.length > longest) return false;
  return text.split('\n').every((line) => line.length <= longestLine);
}

/** @type {Promise<Colors> | null} */
let loading = null;

/** @returns {Promise<Colors>} */
export function loadColors() {
  loading ??= import(library)
    .then((module) => colorsWith(module.default))
    .catch((problem) => {
      loading = null;
      throw problem;
    });
  return loading;
}

/** @param {Highlighter} highlighter @returns {Colors} */
export function colorsWith(highlighter) {
  return (text, language) => {
    const name = language.toLowerCase();
    if (!highlighter.getLanguage(name)) return null;
    const found = highlighter.highlight(text, { language: name, ignoreIllegals: true });
    return found._emitter.rootNode.children.map(drawn);
  };
}

/** @param {Piece} piece @returns {ComponentChildren} */
function drawn(piece) {
  if (typeof piece === 'string') return piece;
  const group = groupOf.get(piece.scope?.split('.')[0] ?? '');
  const children = piece.children.map(drawn);
  return group ? h('span', { class: `code-${group}` }, children) : children;
}
