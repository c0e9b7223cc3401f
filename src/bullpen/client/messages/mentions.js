// Whom and what a message names: `@id`, `@Display Name`, or `@First` where only one has that first name; `#channel`;
// `@channel` for all people in a channel, `@here` for those of them who have Bullpen open; `@handle` for a user group.
// `chat/mentions.py` is the same grammar; tests/cases/mentions.json holds for both.
import { hashes, liveSigns, matchAt, signs } from './prose.js';

/** @typedef {{ id: string, name: string, active?: boolean }} Named */
/** @typedef {{ id: string, handle: string }} Group `id`: an `@` and the id of the user group */
/** @typedef {{ start: number, end: number, id: string }} Mention `text.slice(start, end)` is the sign with the name */
/** @typedef {Map<string, any>} Trie */

/** Their ids are no ids of users. */
export const groups = ['@channel', '@here'];

const mostMentions = 50;
const longestName = 80;
const mostMarks = 16;

// Scripts that are written without spaces, or put particles behind a name.
const spaceless = [
  [0x0e00, 0x0fff],
  [0x1000, 0x109f],
  [0x1100, 0x11ff],
  [0x1780, 0x17ff],
  [0x1950, 0x19df],
  [0x1a20, 0x1aaf],
  [0x2e80, 0x2fdf],
  [0x3005, 0x3007],
  [0x3021, 0x312f],
  [0x3130, 0x318f],
  [0x31a0, 0x31ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa9ff],
  [0xaa60, 0xaadf],
  [0xac00, 0xd7ff],
  [0xf900, 0xfaff],
  [0xff66, 0xffdc],
  [0x1aff0, 0x1b16f],
  [0x20000, 0x3ffff],
];
// Hebrew and Arabic write short words together with what follows.
const prefixing = [
  [0x0590, 0x08ff],
  [0xfb1d, 0xfdff],
  [0xfe70, 0xfeff],
];
const joiner = '\\u200c|\\u200d|\\ufe0e|\\ufe0f';
const joiners = new RegExp(joiner, 'gu');
const extension = new RegExp(`^(?:\\p{M}|${joiner})$`, 'u');
const wordSign = /^[\p{L}\p{N}\p{M}]$/u;
const guessed = /[\p{L}\p{N}_.'-]{1,80}/uy;
const who = 'who';

/** The same for all ways to write one name: case, composition, width, curly apostrophes. @param {string} text */
export function folded(text) {
  const parts = [...text.normalize('NFKD')].map((sign) => [...sign.toUpperCase()].map(lower).join(''));
  return parts
    .join('')
    .normalize('NFKD')
    .replaceAll('i\u0307', 'i')
    .replace(/[\u2018\u2019\u02bc\uff07]/g, "'")
    .replace(/[\u2010\u2011]/g, '-')
    .replace(joiners, '');
}

/** One sign after the other: together, a sigma at the end would become another one. @param {string} sign */
const lower = (sign) => sign.toLowerCase();

/** Of users, and the groups. @param {Iterable<Named>} people @param {Group[]} [userGroups] @returns {Trie} */
export function namesOfUsers(people, userGroups = []) {
  const own = userGroups.map(({ id, handle }) => ({ id, handle: folded(handle) }));
  return namesOf(people, [...own, ...groups.map((id) => ({ id, handle: id.slice(1) }))]);
}

/** Names as a tree of their letters. @param {Iterable<Named>} people @param {Group[]} [first] nobody's name stands before these @returns {Trie} */
export function namesOf(people, first = []) {
  /** @type {Map<string, { rank: number, ids: Set<string> }>} */
  const ranked = new Map(first.map(({ id, handle }) => [handle, { rank: -1, ids: new Set([id]) }]));
  for (const person of people) {
    for (const [place, name] of namesFor(person).entries()) {
      const key = folded(name);
      // Who left gives way to who is there.
      const rank = person.active === false ? place + 3 : place;
      const known = ranked.get(key);
      if (!known || rank < known.rank) ranked.set(key, { rank, ids: new Set([person.id]) });
      else if (rank === known.rank) known.ids.add(person.id);
    }
  }
  /** @type {Trie} */
  const trie = new Map();
  for (const [key, { ids }] of ranked) {
    if (ids.size !== 1 || key === '') continue;
    let node = trie;
    for (const sign of key) {
      if (!node.has(sign)) node.set(sign, new Map());
      node = node.get(sign);
    }
    node.set(who, [...ids][0]);
  }
  return trie;
}

/** @param {Named} person */
function namesFor({ id, name }) {
  const [first = ''] = name.trim().split(/\s+/);
  return [id, name, first.replace(/[,;:]+$/, '')];
}

/** Where the longest name ends that begins at `start`, and whose it is. @param {Trie} names @param {string} text @param {number} start */
function nameAt(names, text, start) {
  let node = names;
  let best = null;
  const most = Math.min(text.length, start + 4 * longestName);
  for (let at = start; at < most && text[at] !== '\n'; ) {
    let end = at + signAt(text, at).length;
    for (let marks = 0; marks < mostMarks && end < text.length; marks += 1) {
      const next = signAt(text, end);
      if (!extension.test(next)) break;
      end += next.length;
    }
    for (const sign of folded(text.slice(at, end))) {
      if (!node.has(sign)) return best;
      node = node.get(sign);
    }
    if (node.has(who) && ends(text, end)) best = { end, id: node.get(who) };
    at = end;
  }
  return best;
}

/** @param {string} text @param {number} at */
const signAt = (text, at) => String.fromCodePoint(text.codePointAt(at) ?? 0);

/** @param {string} text @param {number} at @returns {string} the sign that ends before `at` */
function signBefore(text, at) {
  const low = text.charCodeAt(at - 1);
  return low >= 0xdc00 && low <= 0xdfff && at > 1 ? signAt(text, at - 2) : text.slice(at - 1, at);
}

/** @param {string} sign @param {number[][]} ranges */
function isIn(sign, ranges) {
  const code = sign.codePointAt(0) ?? 0;
  return ranges.some(([start = 0, end = 0]) => start <= code && code <= end);
}

/** @param {string} sign */
const joins = (sign) => wordSign.test(sign) && !isIn(sign, spaceless);

/** Whether a name can end there. @param {string} text @param {number} end */
function ends(text, end) {
  if (end >= text.length) return true;
  const after = signAt(text, end);
  const beyond = end + after.length < text.length ? signAt(text, end + after.length) : '';
  if (signs.includes(after)) return !wordSign.test(beyond);
  if ('._-'.includes(after)) return !joins(beyond);
  if (isIn(signBefore(text, end), spaceless)) return !/^\p{N}$/u.test(after);
  return !joins(after);
}

/** Whether the sign at `at` can begin a mention; the one before it ended at `mentioned`. @param {string} text @param {number} at @param {number} [mentioned] */
export function begins(text, at, mentioned = 0) {
  let before = at;
  while (before > mentioned && '._+-'.includes(text[before - 1] ?? ' ')) before -= 1;
  if (before <= mentioned) return true;
  const last = text[before - 1] ?? '';
  if (last === '/') {
    const path = before > 1 ? signBefore(text, before - 1) : '';
    return before - 1 === mentioned || !(path !== '' && ('._-~'.includes(path) || wordSign.test(path)));
  }
  if (signs.includes(last)) return false;
  if (hashes.includes(text[at] ?? '') && (hashes.includes(last) || last === '&')) return false;
  let sign = signBefore(text, before);
  for (let marks = 0; marks < mostMarks && extension.test(sign); marks += 1) {
    before -= sign.length;
    if (before <= mentioned) break;
    sign = signBefore(text, before);
  }
  return !joins(sign) || isIn(sign, prefixing);
}

/** @param {string} text @param {Trie} names @param {string} [wanted] the signs that they come after @returns {Mention[]} */
export function mentionsIn(text, names, wanted = signs) {
  const found = [];
  const different = new Set();
  let mentioned = 0;
  for (const start of liveSigns(text, wanted)) {
    if (start < mentioned || !begins(text, start, mentioned)) continue;
    const known = nameAt(names, text, start + 1);
    if (known === null) {
      const word = matchAt(guessed, text, start + 1);
      if (word && different.size < mostMentions) different.add(`@${folded(word)}`);
      continue;
    }
    if (!different.has(known.id)) {
      if (different.size === mostMentions) continue;
      different.add(known.id);
    }
    found.push({ start, end: known.end, id: known.id });
    mentioned = known.end;
  }
  return found;
}
