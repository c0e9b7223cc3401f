// The order of names as people sort them, regardless of the reader's and the database's locale: letter case and accents count
// only where nothing else differs, and numbers count as numbers. The server has the same rule in `members/name_order.py`;
// tests/cases/name_order.json tests both.

/** Letters that are an accented one to the reader, but not to Unicode. @type {Record<string, string>} */
const plainLetters = { æ: 'ae', ð: 'd', ø: 'o', þ: 'th', đ: 'd', ł: 'l', œ: 'oe' };

/** @param {string} a @param {string} b */
export function compareNames(a, b) {
  const [ours, theirs] = [partsOf(a), partsOf(b)];
  for (let at = 0; at < Math.min(ours.length, theirs.length); at += 1) {
    const [one = '', other = ''] = [ours[at], theirs[at]];
    const order = at % 2 === 1 ? byNumber(one, other) : byCodePoints(one, other);
    if (order !== 0) return order;
  }
  return ours.length - theirs.length || byCodePoints(a, b);
}

/** Text and numbers in turn, the first of them text. @param {string} name */
function partsOf(name) {
  const bare = name.normalize('NFKD').replace(/[\u0300-\u036f]/g, '');
  // Up and down again: that makes "ss" of an eszett, as case alone does not.
  const folded = bare.toUpperCase().toLowerCase();
  return folded.replace(/[æðøþđłœ]/g, (letter) => plainLetters[letter] ?? letter).split(/([0-9]+)/);
}

/** @param {string} a @param {string} b */
function byNumber(a, b) {
  const [one, other] = [BigInt(a), BigInt(b)];
  return Number(one > other) - Number(one < other);
}

/** @param {string} a @param {string} b */
export function byCodePoints(a, b) {
  const [ours, theirs] = [[...a], [...b]];
  for (let at = 0; at < Math.min(ours.length, theirs.length); at += 1) {
    const order = (ours[at]?.codePointAt(0) ?? 0) - (theirs[at]?.codePointAt(0) ?? 0);
    if (order !== 0) return order;
  }
  return ours.length - theirs.length;
}
