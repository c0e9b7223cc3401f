// Texts that are hard on patterns, parsers and layout: tests/support/pathological.py makes the same ones of the same table.
import { readFileSync } from 'node:fs';

/**
 * @typedef {{
 *   name: string, repeat: string, head?: string, tail?: string, then?: string, grow?: [string, string],
 *   encodable?: boolean, storable?: boolean
 * }} Kind
 */

/** @type {{ sha256: string, kinds: Kind[] }} */
export const table = JSON.parse(readFileSync(new URL('../cases/pathological.json', import.meta.url), 'utf8'));

export const longest = 40_000;

/** @param {Kind} kind @param {number} [size] in code points @returns {string} */
export function textOf({ repeat, head = '', tail = '', then, grow }, size = longest) {
  const room = size - lengthOf(head) - lengthOf(tail);
  if (grow) return head + growing(grow, room) + tail;
  if (then === undefined)
    return head + cut(repeat.repeat(Math.floor(room / lengthOf(repeat)) + 1), room) + tail;
  const copies = Math.floor(room / lengthOf(repeat + then));
  return head + repeat.repeat(copies) + then.repeat(copies) + tail;
}

/** @param {[string, string]} pair @param {number} room */
function growing([part, between], room) {
  const pieces = [];
  for (let times = 1, length = 0; length < room; times += 1) {
    pieces.push(part.repeat(times) + between);
    length += lengthOf(part) * times + lengthOf(between);
  }
  return cut(pieces.join(''), room);
}

/** @param {string} text */
function lengthOf(text) {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

/** @param {string} text @param {number} size */
function cut(text, size) {
  let end = 0;
  // An array of the code points takes longer than what is tested with them.
  for (let left = size; left > 0 && end < text.length; left -= 1)
    end += Number(text.codePointAt(end)) > 0xffff ? 2 : 1;
  return text.slice(0, end);
}
