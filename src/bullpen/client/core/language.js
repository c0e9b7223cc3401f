// The interface in the reader's language. English is written in the source and is the key of its translation: a catalog of
// another language (`languages/de.json`) is loaded before any other module runs, because the server says in the document
// which it is. How a language is added, and how a text: docs/howto.md.

/** @typedef {Record<string, string | Record<string, string>>} Catalog by English text; the forms of a plural by their category */
/** @typedef {Record<string, string | number | null | undefined>} Values */

/** @param {string} text @param {Values} values */
const fill = (text, values) =>
  text.replace(/\{(\w+)\}/g, (whole, name) =>
    Object.hasOwn(values, name) ? String(values[name] ?? '') : whole,
  );

/**
 * How texts are said in a language. What its catalog lacks stays English.
 * @param {string} language @param {Catalog} catalog
 */
export function speaker(language, catalog) {
  const rules = new Intl.PluralRules(language);
  /** @param {string} key */
  const found = (key) => (Object.hasOwn(catalog, key) ? catalog[key] : undefined);
  return {
    /**
     * A text with its `{placeholders}` filled; those without a value stay, for `sentence`. A context tells apart what is one
     * word in English and two in another language.
     * @param {string} text @param {Values} [values] @param {string} [context]
     */
    t(text, values = {}, context = '') {
      const translated = found(context === '' ? text : `${text} | ${context}`);
      return fill(typeof translated === 'string' ? translated : text, values);
    },
    /**
     * A text for a count, which fills `{count}` as well unless `values` has it written otherwise.
     * @param {number} count @param {string} one @param {string} other @param {Values} [values]
     */
    plural(count, one, other, values = {}) {
      const forms = found(one);
      const english = count === 1 ? one : other;
      const form = typeof forms === 'object' ? (forms[rules.select(count)] ?? forms.other) : undefined;
      return fill(form ?? english, { count, ...values });
    },
  };
}

/**
 * A translated text with elements in it: `{name}` becomes the element with that name, `<name>words</name>` what the function
 * with that name makes of the words. So the order of words is the translator's.
 * @param {string} text @param {Record<string, unknown>} parts
 */
export function sentence(text, parts) {
  /** @type {unknown[]} */
  const found = [];
  let at = 0;
  for (const match of text.matchAll(/\{(\w+)\}|<(\w+)>([^<]*)<\/\2>/g)) {
    const [whole, name, tag, words] = match;
    const key = name ?? tag ?? '';
    if (!Object.hasOwn(parts, key)) continue;
    const part = parts[key];
    if (match.index > at) found.push(text.slice(at, match.index));
    found.push(typeof part === 'function' ? part(sentence(words ?? '', parts)) : part);
    at = match.index + whole.length;
  }
  if (at < text.length) found.push(text.slice(at));
  return found;
}

/** The language of the document. */
export const language = globalThis.document?.documentElement?.lang || 'en';

/** Of dates, numbers and lists. */
export const locale = language === 'en' ? 'en-US' : language;

/** The server makes a module of each catalog (`api/browser/bundle.py`). @returns {Promise<Catalog>} */
async function load() {
  if (language === 'en') return {};
  try {
    const module = await import(`../chunks/${language}.js`);
    return module.catalog;
  } catch {
    // Rather English than nothing.
    return {};
  }
}

const catalog = await load();

const own = speaker(language, catalog);
export const t = own.t;
export const plural = own.plural;

/** A label as it is written within a sentence: German keeps its capitals. @param {string} label */
export const withinSentence = (label) => (language === 'en' ? label.toLowerCase() : label);
