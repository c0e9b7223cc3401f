// `:tada:`, typed to its end, becomes the emoji of that name.
import { loadEmoji } from './emoji.js';
import { inCode } from './formatting.js';

/** @typedef {{ code: string, from: number }} Shortcode  from: where it begins */

const longest = 60;
const pattern = /(?<![\p{L}\p{N}_:/])[:：]([a-z0-9_+-]{1,50})[:：]$/iu;

/** @param {string} before the text before the caret @returns {Shortcode | null} none within code */
export function shortcodeBefore(before) {
  const found = pattern.exec(before.slice(-longest));
  if (!found || inCode(before)) return null;
  return { code: (found[1] ?? '').toLowerCase(), from: before.length - found[0].length };
}

/** @param {string} code @returns {Promise<string | undefined>} none where no emoji has that name */
export async function emojiOf(code) {
  const all = await loadEmoji().catch(() => []);
  return all.find(({ codes }) => codes.includes(code))?.emoji;
}
