// How well what is typed fits a name, where letters may be left out. Pure, and tested in Node.

/** @typedef {{ score: number, at: number[] }} Fit  at: the letters of the text that were typed */

const perLetter = 1;
const atWordStart = 8;
const afterTheLast = 8;
const atTheBeginning = 4;
const perSkipped = 0.2;
const none = Number.NEGATIVE_INFINITY;

/** @param {string} typed @param {string} text @returns {Fit | null} null where its letters are not there in this order */
export function fit(typed, text) {
  const wanted = folded(typed).filter((letter) => !/\s/.test(letter));
  const letters = folded(text);
  if (wanted.length === 0) return { score: 0, at: [] };
  if (wanted.length > letters.length) return null;

  /** The best score with a wanted letter at each place, and where the one before it was. @type {number[][]} */
  const best = [];
  /** @type {number[][]} */
  const from = [];
  for (const [row, letter] of wanted.entries()) {
    const before = best[row - 1];
    /** @type {number[]} */
    const scores = [];
    /** @type {number[]} */
    const origins = [];
    let reach = none;
    let origin = -1;
    for (const [place, found] of letters.entries()) {
      const adjacent = before && place > 0 ? (before[place - 1] ?? none) : none;
      if (before && place > 0) {
        reach -= perSkipped;
        if (place > 1 && (before[place - 2] ?? none) - perSkipped > reach) {
          reach = (before[place - 2] ?? none) - perSkipped;
          origin = place - 2;
        }
      }
      const joined = adjacent + afterTheLast;
      const reached = before ? Math.max(joined, reach) : -place * perSkipped;
      scores.push(found === letter && reached > none ? reached + worth(letters, place) : none);
      origins.push(joined >= reach ? place - 1 : origin);
    }
    best.push(scores);
    from.push(origins);
  }

  const last = best.at(-1) ?? [];
  const score = Math.max(...last);
  if (score === none) return null;
  const at = [last.indexOf(score)];
  for (let row = wanted.length - 1; row > 0; row -= 1) at.unshift(from[row]?.[at[0] ?? 0] ?? 0);
  return { score: score - letters.length * 0.01, at };
}

/** @param {string[]} letters @param {number} place */
function worth(letters, place) {
  if (place === 0) return perLetter + atWordStart + atTheBeginning;
  return perLetter + (/[\p{L}\p{N}]/u.test(letters[place - 1] ?? '') ? 0 : atWordStart);
}

/** Letter by letter, without case and accents. @param {string} text */
function folded(text) {
  return [...text].map((letter) => [...letter.normalize('NFD').toLowerCase()][0] ?? letter);
}

/** The text in pieces, those that were typed marked. @param {string} text @param {number[]} at @returns {{ text: string, typed: boolean }[]} */
export function pieces(text, at) {
  const places = new Set(at);
  /** @type {{ text: string, typed: boolean }[]} */
  const found = [];
  for (const [place, letter] of [...text].entries()) {
    const typed = places.has(place);
    const last = found.at(-1);
    if (last && last.typed === typed) last.text += letter;
    else found.push({ text: letter, typed });
  }
  return found;
}
