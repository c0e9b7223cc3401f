// What differs between two texts, line by line, and within lines that were changed word by word.

/** @typedef {{ kind: 'same' | 'removed' | 'added', items: string[] }} Stretch */
/** @typedef {{ text: string, changed: boolean }} Part */
/** @typedef {{ kind: 'same' | 'removed' | 'added', parts: Part[] } | { kind: 'gap', lines: number }} DiffRow */

/** Above this many comparisons, what lies between the common beginning and end is simply all different. */
const mostComparisons = 4_000_000;
const context = 2;
const words = /\s+|[\p{L}\p{M}\p{N}_]+|./gsu;

/** The longest common subsequence, as stretches in order. @param {string[]} before @param {string[]} after @returns {Stretch[]} */
export function stretchesOf(before, after) {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const middle = betweenOf(before.slice(start, before.length - end), after.slice(start, after.length - end));
  return joined([
    { kind: 'same', items: before.slice(0, start) },
    ...middle,
    { kind: 'same', items: before.slice(before.length - end) },
  ]);
}

/** @param {string[]} before @param {string[]} after @returns {Stretch[]} */
function betweenOf(before, after) {
  /** @type {Stretch[]} */
  const everything = [
    { kind: 'removed', items: before },
    { kind: 'added', items: after },
  ];
  if (before.length * after.length > mostComparisons) return everything;
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  const length = (/** @type {number} */ row, /** @type {number} */ column) =>
    lengths[row * width + column] ?? 0;
  for (let row = before.length - 1; row >= 0; row -= 1) {
    for (let column = after.length - 1; column >= 0; column -= 1) {
      lengths[row * width + column] =
        before[row] === after[column]
          ? length(row + 1, column + 1) + 1
          : Math.max(length(row + 1, column), length(row, column + 1));
    }
  }
  /** @type {Stretch[]} */
  const found = [];
  let [row, column] = [0, 0];
  while (row < before.length && column < after.length) {
    if (before[row] === after[column]) {
      found.push({ kind: 'same', items: [/** @type {string} */ (before[row])] });
      row += 1;
      column += 1;
    } else if (length(row + 1, column) >= length(row, column + 1)) {
      found.push({ kind: 'removed', items: [/** @type {string} */ (before[row])] });
      row += 1;
    } else {
      found.push({ kind: 'added', items: [/** @type {string} */ (after[column])] });
      column += 1;
    }
  }
  return [
    ...found,
    { kind: 'removed', items: before.slice(row) },
    { kind: 'added', items: after.slice(column) },
  ];
}

/** Neighbours of a kind become one, and between two that are the same what was removed comes first. @param {Stretch[]} stretches */
function joined(stretches) {
  /** @type {Stretch[]} */
  const result = [];
  for (const { kind, items } of stretches) {
    if (items.length === 0) continue;
    const last = result.at(-1);
    const before = result.at(-2);
    if (last?.kind === kind) last.items.push(...items);
    else if (kind === 'removed' && last?.kind === 'added' && before?.kind === 'removed')
      before.items.push(...items);
    else if (kind === 'removed' && last?.kind === 'added') result.splice(-1, 0, { kind, items: [...items] });
    else result.push({ kind, items: [...items] });
  }
  return result;
}

/** @param {string} before @param {string} after @returns {DiffRow[]} */
export function diffRows(before, after) {
  const stretches = stretchesOf(linesOf(before), linesOf(after));
  return stretches.flatMap((stretch, at) => {
    const { kind, items } = stretch;
    if (kind === 'same') return folded(items, at > 0, at < stretches.length - 1);
    const other = kind === 'removed' ? stretches[at + 1] : stretches[at - 1];
    const partners = other && other.kind !== 'same' && other.kind !== kind ? other.items : [];
    return items.map((line, row) => ({ kind, parts: partsOf(line, partners[row], kind) }));
  });
}

/** @param {string} text an empty one has no lines */
function linesOf(text) {
  return text === '' ? [] : text.split('\n');
}

/** @param {string[]} lines @param {boolean} follows @param {boolean} precedes @returns {DiffRow[]} */
function folded(lines, follows, precedes) {
  const head = follows ? context : 0;
  const tail = precedes ? context : 0;
  const hidden = lines.length - head - tail;
  const shown = (/** @type {string[]} */ some) =>
    some.map((text) => ({ kind: /** @type {const} */ ('same'), parts: [{ text, changed: false }] }));
  if (hidden < 2) return shown(lines);
  return [
    ...shown(lines.slice(0, head)),
    { kind: 'gap', lines: hidden },
    ...shown(lines.slice(lines.length - tail)),
  ];
}

/** @param {string} line @param {string | undefined} other @param {'removed' | 'added'} kind @returns {Part[]} */
function partsOf(line, other, kind) {
  if (other === undefined) return [{ text: line, changed: false }];
  const [before, after] = kind === 'removed' ? [line, other] : [other, line];
  const stretches = stretchesOf(before.match(words) ?? [], after.match(words) ?? []);
  const mine = stretches.filter((stretch) => stretch.kind === 'same' || stretch.kind === kind);
  const kept = mine.reduce((sum, { kind, items }) => sum + (kind === 'same' ? items.join('').length : 0), 0);
  // Two lines with next to nothing in common were replaced, not edited.
  if (kept < line.length / 4) return [{ text: line, changed: false }];
  return mine.map((stretch) => ({ text: stretch.items.join(''), changed: stretch.kind !== 'same' }));
}

/** How many lines came and went. @param {DiffRow[]} rows */
export function countsOf(rows) {
  return {
    added: rows.filter((row) => row.kind === 'added').length,
    removed: rows.filter((row) => row.kind === 'removed').length,
  };
}
