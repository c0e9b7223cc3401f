// Every emoji with its names, loaded when the first is looked for.

import { loadJson } from '../core/http.js';
import { t } from '../core/language.js';

/** @typedef {{ emoji: string, name: string, codes: string[], tags: string[], group: number }} Emoji */

export const groupNames = [
  t('Smileys and emotion'),
  t('People and body'),
  '',
  t('Animals and nature'),
  t('Food and drink'),
  t('Travel and places'),
  t('Activities'),
  t('Objects'),
  t('Symbols'),
  t('Flags'),
];

/** @typedef {{ emoji: string, annotation: string, shortcodes?: string[], tags?: string[], group: number, version: number, skins?: { emoji: string }[] }} Entry */

/** @type {Promise<Entry[]> | null} */
let loading = null;

/** @returns {Promise<Entry[]>} */
function loadAll() {
  loading ??= loadJson(new URL('../vendor/emoji.json', import.meta.url)).catch((problem) => {
    loading = null;
    throw problem;
  });
  return loading;
}

/** @returns {Promise<Emoji[]>} those that the picker offers */
export async function loadEmoji() {
  shown ??= (await loadAll()).filter(isDrawn).map(emojiOf);
  return shown;
}

/** @type {Emoji[] | null} */
let shown = null;

/** @param {string} text @returns {Promise<string | null>} as `asEmoji`; without the data, what was typed, which the server checks */
export async function emojiIn(text) {
  const all = await loadAll().catch(() => null);
  return all ? asEmoji(text, all) : text;
}

// The emoji font is of this version of Unicode's; a newer one would fall apart.
const newestDrawn = 15;

/** @param {{ version: number }} entry */
function isDrawn({ version }) {
  return version <= newestDrawn;
}

/** @param {Entry} entry @returns {Emoji} */
function emojiOf({ emoji, annotation, shortcodes = [], tags = [], group }) {
  return { emoji: qualified(emoji), name: annotation, codes: shortcodes, tags, group };
}

/** In Unicode's own form: what is in color anyway has no selector. @param {string} emoji */
export function qualified(emoji) {
  return emoji.replace(/^(\p{Emoji_Presentation})\ufe0f$/u, '$1');
}

const longest = 64;

/**
 * The emoji that a text is, in the one form that is kept; null where it is not one emoji. `kit/emoji.py` has the same
 * rule; tests/cases/emoji.json holds for both.
 * @param {string} text @param {Iterable<{ emoji: string, skins?: { emoji: string }[] }>} all
 */
export function asEmoji(text, all) {
  const key = bare(text);
  if (key === '' || text.length > longest) return null;
  for (const { emoji, skins = [] } of all)
    for (const one of [emoji, ...skins.map((skin) => skin.emoji)])
      if (bare(one) === key) return qualified(one);
  return null;
}

/** Many write an emoji without its selector, and mean the same. @param {string} emoji */
const bare = (emoji) => emoji.replace(/[\ufe0e\ufe0f]/g, '');
