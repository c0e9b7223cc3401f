const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** @param {string} name the first letters of the first and the last word */
export function initialsOf(name) {
  const words = name.split(/[\s_-]+/).filter(Boolean);
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words;
  return chosen
    .map((word) => firstGrapheme(word ?? ''))
    .join('')
    .toUpperCase();
}

/** @param {string} word */
function firstGrapheme(word) {
  for (const { segment } of graphemes.segment(word)) return segment;
  return '';
}
