import { locale } from './language.js';
import { compareNames } from './name-order.js';

const list = new Intl.ListFormat(locale);

/** Names in a sentence, in the order of names. `api/browser/frame.py` does the same; tests/cases/listed_names.json tests both. @param {string[]} names */
export const listed = (names) => list.format(names.toSorted(compareNames));
