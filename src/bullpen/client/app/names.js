// The order of names: as people sort them, whatever the reader's and the database's locale. Postgres has the same rule in
// `members/queries.py`; tests/cases/name_order.json tests both.
const collator = new Intl.Collator('en');

/** @param {string} a @param {string} b */
export function compareNames(a, b) {
  return collator.compare(a, b) || Number(a > b) - Number(a < b);
}
