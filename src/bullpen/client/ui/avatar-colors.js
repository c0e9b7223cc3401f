// What an avatar shows of a user who has no picture: initials, on the user's colour, in an ink that can be read there:
// white where that has enough contrast (WCAG AA asks for 4.5), else the same hue, darkened until it has.

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const enough = 4.6;
const unknown = '#8a8794';

/** @typedef {[number, number, number]} Rgb */

/** @param {string} color @returns {{ background: string, ink: string }} */
export function avatarColors(color) {
  const background = parse(color) ? color : unknown;
  const rgb = /** @type {Rgb} */ (parse(background));
  if (contrast(rgb, [255, 255, 255]) >= enough) return { background, ink: '#fff' };
  for (const share of [0.3, 0.24, 0.18, 0.12, 0.06]) {
    const dark = /** @type {Rgb} */ (rgb.map((part) => Math.round(part * share)));
    if (contrast(rgb, dark) >= enough) return { background, ink: `rgb(${dark.join(' ')})` };
  }
  return { background, ink: '#000' };
}

/** @param {string} color @returns {Rgb | null} */
function parse(color) {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color);
  return match && /** @type {Rgb} */ (match.slice(1).map((part) => Number.parseInt(part, 16)));
}

/** @param {Rgb} one @param {Rgb} other */
export function contrast(one, other) {
  const [first, second] = [luminance(one), luminance(other)];
  return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05);
}

/** @param {Rgb} rgb */
function luminance(rgb) {
  const [red = 0, green = 0, blue = 0] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

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
