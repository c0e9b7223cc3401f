// The part of a message that a search shows: as it reads, without its Markdown, with what was found marked.
import { piecesOf } from '../messages/plain-text.js';

/** @typedef {{ text: string, hit: boolean }} Segment */

// Markdown further away than this from what is shown does not matter to it.
const around = 2_000;

/** @param {string} message the whole text @param {Segment[]} segments a part of it @returns {Segment[]} */
export function snippetOf(message, segments) {
  const shown = segments.map(({ text }) => text).join('');
  const place = message.indexOf(shown);
  const begin = Math.max(0, place - around);
  const source = place === -1 ? shown : message.slice(begin, place + shown.length + around);
  const start = place === -1 ? 0 : place - begin;
  const hits = hitsIn(segments, start);
  const seen = new Set();
  /** @type {Segment[]} */
  const made = [];
  /** Bullets and the like: shown if what they stand before is. @type {string[]} */
  let between = [];
  for (const piece of piecesOf(source)) {
    if (piece.at < 0) {
      between.push(piece.text);
      continue;
    }
    for (const { text, hit } of parts(piece, start, start + shown.length, hits)) {
      for (const one of between.splice(0)) add(made, { text: one, hit: false });
      if (hit) seen.add(hit);
      add(made, { text, hit: hit !== null });
    }
    between = [];
  }
  // Something was found in an address that is not shown: then it is shown as it was written.
  if (seen.size < hits.length) return segments;
  return trimmed(made);
}

/** @typedef {{ from: number, to: number }} Range */

/** @param {Segment[]} segments @param {number} start @returns {Range[]} */
function hitsIn(segments, start) {
  const hits = [];
  let at = start;
  for (const { text, hit } of segments) {
    if (hit && text !== '') hits.push({ from: at, to: at + text.length });
    at += text.length;
  }
  return hits;
}

/**
 * A piece, within what is shown, cut up where hits begin and end.
 * @param {import('../messages/plain-text.js').Piece} piece @param {number} start @param {number} end @param {Range[]} hits
 * @returns {{ text: string, hit: Range | null }[]}
 */
function parts({ text, at }, start, end, hits) {
  const from = Math.max(at, start);
  const to = Math.min(at + text.length, end);
  const found = [];
  let here = from;
  for (const hit of hits) {
    if (hit.to <= here || hit.from >= to) continue;
    if (hit.from > here) found.push({ text: text.slice(here - at, hit.from - at), hit: null });
    const last = Math.min(hit.to, to);
    found.push({ text: text.slice(Math.max(hit.from, here) - at, last - at), hit });
    here = last;
  }
  if (here < to) found.push({ text: text.slice(here - at, to - at), hit: null });
  return found;
}

/** @param {Segment[]} made @param {Segment} next joined to the last where both are found or both are not */
function add(made, next) {
  const last = made.at(-1);
  if (last?.hit === next.hit) last.text += next.text;
  else if (next.text !== '') made.push({ ...next });
}

/** White space is one space, and none at either end. @param {Segment[]} made */
function trimmed(made) {
  const plain = made.map(({ text, hit }) => ({ text: text.replace(/\s+/g, ' '), hit }));
  const [first] = plain;
  const last = plain.at(-1);
  if (first) first.text = first.text.trimStart();
  if (last) last.text = last.text.trimEnd();
  return plain.filter(({ text }) => text !== '');
}
