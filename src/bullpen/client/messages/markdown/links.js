// Where addresses begin and end in a text. Each look forward or back has a bound.

const longestDestination = 2_048;
const deepestParentheses = 32;
const longestMailName = 64;
const longestHost = 255;

const host = /(?:[\p{L}\p{N}][\p{L}\p{N}\p{M}_-]{0,63}\.?){1,64}|\[[\da-f:.]{2,45}\]/iuy;
const scheme = /(?:https?:\/\/|www\.)/iy;
const mailHost = /[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9](?:[a-z0-9-]{0,62})){1,20}/iy;
const mailNameSign = /[a-z0-9._+-]/i;
const wordSign = /[a-z0-9]/i;
// White space, what ends a quotation, code or a tag, and signs that are not drawn.
const endsAddress = /[\s\p{Z}\p{Cc}\p{Cf}<>"`\\^{|}]/u;
const foreignPunctuation = /[\p{P}\uff04\uff0b\uff1c-\uff1e\uff3e\uff40\uff5c\uff5e]/u;
const middleDots = /[\u00b7\u30fb]/;
const letter = /[\p{L}\p{N}]/u;
const beforeCjk = /[a-z0-9-](?=[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}])/iu;
const trailing = '?!.,:;*_~\'"';

/**
 * The destination of a link, and its title, after `](`.
 * @param {string} text @param {number} from @returns {{ href: string, end: number } | null} end: after the closing parenthesis
 */
export function destinationAt(text, from) {
  const start = pastSpaces(text, from);
  const found = text[start] === '<' ? angledAt(text, start) : plainAt(text, start);
  if (!found) return null;
  const next = pastSpaces(text, found.end);
  const quote = text[next];
  if (next > found.end && (quote === '"' || quote === "'")) {
    const closing = closingQuote(text, next);
    if (closing === -1) return null;
    const end = pastSpaces(text, closing + 1);
    return text[end] === ')' ? { href: found.href, end: end + 1 } : null;
  }
  return quote === ')' ? { href: found.href, end: next + 1 } : null;
}

/** @param {string} text @param {number} start @returns {{ href: string, end: number } | null} */
function angledAt(text, start) {
  const limit = start + longestDestination;
  for (let at = start + 1; at < text.length && at < limit; at += 1) {
    const sign = text[at];
    if (sign === '>') return { href: unescaped(text.slice(start + 1, at)), end: at + 1 };
    if (sign === '<' || sign === '\n') return null;
    if (sign === '\\') at += 1;
  }
  return null;
}

/** @param {string} text @param {number} start @returns {{ href: string, end: number } | null} */
function plainAt(text, start) {
  const limit = start + longestDestination;
  let depth = 0;
  let at = start;
  for (; at < text.length && at < limit; at += 1) {
    const sign = text[at] ?? '';
    if (sign === '(') depth += 1;
    else if (sign === ')') depth -= 1;
    else if (sign === '\\') at += 1;
    else if (sign <= ' ' || sign === '\u007f') break;
    if (depth < 0) break;
    if (depth > deepestParentheses) return null;
  }
  if (at >= limit || at === start || depth > 0) return null;
  return { href: unescaped(text.slice(start, at)), end: at };
}

/** @param {string} text @param {number} start */
function closingQuote(text, start) {
  const limit = start + longestDestination;
  for (let at = start + 1; at < text.length && at < limit; at += 1) {
    if (text[at] === text[start]) return at;
    if (text[at] === '\\') at += 1;
  }
  return -1;
}

/** @param {string} text @param {number} from */
function pastSpaces(text, from) {
  const limit = from + longestDestination;
  let at = from;
  while (at < limit && (text[at] === ' ' || text[at] === '\n' || text[at] === '\t')) at += 1;
  return at;
}

/** @param {string} text */
function unescaped(text) {
  return text.replace(/\\([!-/:-@[-`{-~])/g, '$1');
}

/**
 * An address of the web that stands in a text.
 * @param {string} text @param {number} start @param {boolean} inBrackets then a bracket may end it
 * @returns {{ href: string, end: number } | null}
 */
export function webAddressAt(text, start, inBrackets) {
  scheme.lastIndex = start;
  const [begun = ''] = scheme.exec(text) ?? [];
  const www = begun.toLowerCase() === 'www.';
  const before = text[start - 1] ?? '';
  if (begun === '' || wordSign.test(before) || (www && /[./@:-]/.test(before))) return null;
  host.lastIndex = start + begun.length;
  const [named = ''] = host.exec(text) ?? [];
  if (named === '' || named.length > longestHost) return null;
  const hostStart = start + begun.length;
  const lastLabel = named.replace(/\.$/, '').lastIndexOf('.') + 1;
  // Without a space between, the next word of a script that has none is not a part of ".com".
  const cut = beforeCjk.exec(named.slice(lastLabel));
  let end = cut ? hostStart + lastLabel + cut.index + 1 : hostStart + named.length;
  if (!cut && /[/?#:@]/.test(text[end] ?? '')) end = endOfAddress(text, end, inBrackets);
  end = withoutTrailing(text, hostStart, end);
  if (end <= hostStart) return null;
  return { href: (www ? 'http://' : '') + text.slice(start, end), end };
}

/** @param {string} text @param {number} from @param {boolean} inBrackets */
function endOfAddress(text, from, inBrackets) {
  let at = from;
  while (at < text.length) {
    const code = text.codePointAt(at) ?? 0;
    const sign = String.fromCodePoint(code);
    if (endsAddress.test(sign)) break;
    if (sign === ']' && inBrackets && text[at + 1] === '(') break;
    if (code > 0x7f && foreignPunctuation.test(sign)) {
      const isWithin = middleDots.test(sign) && letter.test(text[at + 1] ?? '');
      if (!isWithin) break;
    }
    at += sign.length;
  }
  return at;
}

/** Punctuation after an address, and a parenthesis that it does not open, belong to the sentence. @param {string} text @param {number} start @param {number} last */
function withoutTrailing(text, start, last) {
  let open = 0;
  for (let at = start; at < last; at += 1) {
    if (text[at] === '(') open += 1;
    else if (text[at] === ')') open -= 1;
  }
  let end = last;
  while (end > start) {
    const sign = text[end - 1] ?? '';
    if (sign === ')' && open < 0) open += 1;
    else if (sign === '(') open -= 1;
    else if (!trailing.includes(sign)) break;
    end -= 1;
  }
  return end;
}

/**
 * A mail address around an at-sign.
 * @param {string} text @param {number} at @param {number} from where it begins at the earliest
 * @returns {{ start: number, end: number } | null}
 */
export function mailAround(text, at, from) {
  let start = at;
  while (start > from && at - start <= longestMailName && mailNameSign.test(text[start - 1] ?? ''))
    start -= 1;
  while (start < at && !wordSign.test(text[start] ?? '')) start += 1;
  if (start === at || at - start > longestMailName || text[at - 1] === '.') return null;
  mailHost.lastIndex = at + 1;
  const found = mailHost.exec(text)?.[0].replace(/-+$/, '');
  // `name@1.2` is a version of a package.
  if (!found || !/\.[\d-]*[a-z][a-z\d-]*$/i.test(found)) return null;
  return { start, end: at + 1 + found.length };
}
