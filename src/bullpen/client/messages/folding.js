// How much of a long message is shown until somebody asks for the rest: a page of long messages opens no slower than
// one of short ones, and what comes after them stays in sight.

const longest = 4_000;
const mostLines = 60;
const shownOfLong = 2_000;
const linesShownOfLong = 30;

/** Where a long message is cut off, at the end of a line or a word. @param {string} text @returns {number | null} null: it is not long */
export function foldAt(text) {
  if (text.length <= longest && lineEnd(text, mostLines) === -1) return null;
  const limit = Math.min(shownOfLong, positive(lineEnd(text, linesShownOfLong)));
  for (const end of ['\n', ' ']) {
    const at = text.lastIndexOf(end, limit);
    if (at > limit / 2) return at;
  }
  // Neither a pair of surrogates nor what is put together from several signs is cut through, if that can be helped.
  let at = limit;
  while (at > limit - 40 && /[\p{M}\p{Cf}\ud800-\udfff]/u.test(text.slice(at - 1, at + 1))) at -= 1;
  return at;
}

/** Where as many lines end. @param {string} text @param {number} lines @returns {number} -1: there are fewer */
function lineEnd(text, lines) {
  let at = -1;
  for (let line = 0; line < lines; line += 1) {
    at = text.indexOf('\n', at + 1);
    if (at === -1) return -1;
  }
  return at;
}

/** @param {number} at */
function positive(at) {
  return at < 0 ? Number.POSITIVE_INFINITY : at;
}
