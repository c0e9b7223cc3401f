// What is being written before the caret, and what it may become.
import { begins, folded } from '../messages/mentions.js';
import { hashes } from '../messages/prose.js';

/** @typedef {{ kind: '@' | '#' | ':' | '/', word: string, from: number }} Begun */
/** @typedef {{ key: string, insert: string, name: string, detail: string, symbol: unknown, user?: import('../core/types.js').User }} Choice */

const pattern = /([@\uff20\ufe6b#\uff03:])([\p{L}\p{N}\p{M}_.'+-]*)$/u;
const fewestOfEmoji = 2;

/** @param {string} before the text before the caret @param {boolean} [withCommands] @returns {Begun | null} */
export function begunIn(before, withCommands = false) {
  const command = withCommands && /^\s*\/([\p{L}\p{N}_-]*)$/u.exec(before);
  if (command) return { kind: '/', word: folded(command[1] ?? ''), from: before.indexOf('/') };
  const match = pattern.exec(before);
  if (!match || !begins(before, match.index)) return null;
  const [, sign = '', word = ''] = match;
  const kind = sign === ':' ? ':' : hashes.includes(sign) ? '#' : '@';
  if (kind === ':' && word.length < fewestOfEmoji) return null;
  return {
    kind,
    word: folded(word),
    from: match.index,
  };
}

/**
 * Those that begin with the word, then those of which a part does, then those that have it anywhere.
 * @template T
 * @param {T[]} all @param {string} word @param {(one: T) => string[]} namesOf
 * @param {{ most?: number, tagsOf?: (one: T) => string[] }} [options] tags count for less than names
 * @returns {T[]}
 */
export function ranked(all, word, namesOf, { most = 8, tagsOf = () => [] } = {}) {
  /** @param {string} name */
  const rank = (name) => {
    const key = folded(name);
    const at = key.indexOf(word);
    if (at === -1) return 3;
    if (at === 0) return key.length === word.length ? -1 : 0;
    return /[\s_.-]/.test(key[at - 1] ?? '') ? 1 : 2;
  };
  return all
    .map((one, at) => {
      const byTag = Math.min(3, ...tagsOf(one).map((tag) => rank(tag) + 1.5));
      return { one, at, rank: Math.min(byTag, ...namesOf(one).map(rank)) };
    })
    .filter((found) => found.rank < 3)
    .sort((a, b) => a.rank - b.rank || a.at - b.at)
    .slice(0, most)
    .map((found) => found.one);
}
