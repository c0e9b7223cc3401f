// Every emoji with its names, loaded when the first is looked for.

/** @typedef {{ emoji: string, name: string, codes: string[], tags: string[], group: number }} Emoji */

export const groupNames = [
  'Smileys and emotion',
  'People and body',
  '',
  'Animals and nature',
  'Food and drink',
  'Travel and places',
  'Activities',
  'Objects',
  'Symbols',
  'Flags',
];

/** @type {Promise<Emoji[]> | null} */
let loading = null;

/** @returns {Promise<Emoji[]>} */
export function loadEmoji() {
  loading ??= fetch(new URL('../vendor/emoji.json', import.meta.url))
    .then((answer) => answer.json())
    .then((all) => all.filter(isDrawn).map(emojiOf))
    .catch((problem) => {
      loading = null;
      throw problem;
    });
  return loading;
}

// The emoji font is of this version of Unicode's; a newer one would fall apart.
const newestDrawn = 15;

/** @param {{ version: number }} entry */
function isDrawn({ version }) {
  return version <= newestDrawn;
}

/** @param {{ emoji: string, annotation: string, shortcodes?: string[], tags?: string[], group: number }} entry @returns {Emoji} */
function emojiOf({ emoji, annotation, shortcodes = [], tags = [], group }) {
  return { emoji, name: annotation, codes: shortcodes, tags, group };
}
