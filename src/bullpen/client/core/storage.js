// What this browser keeps, the only module that knows how. For all of its windows (localStorage) each thing is one entry,
// so that no window writes over what another has kept; a window keeps some for itself, until it is closed (sessionStorage).
// Where nothing can be kept, or no more, an entry lasts as long as the page.

/** @typedef {'browser' | 'window'} Keeper */

/** Some browsers refuse even to look. @param {Keeper} keeper */
const storageOf = (keeper) => (keeper === 'browser' ? localStorage : sessionStorage);

/** @type {Map<string, string>} */
const unkept = new Map();

/** @type {Set<(key: string | null) => void>} */
const listeners = new Set();

/** A key of several parts, which may be any text. @param {string} name @param {string[]} parts */
export function keyOf(name, ...parts) {
  return ['bullpen', name, ...parts.map(encodeURIComponent)].join(':');
}

/** The parts of such a key after its name. @param {string} key */
export function partsOf(key) {
  return key.split(':').slice(2).map(decodeURIComponent);
}

/** @param {string} key @param {Keeper} [keeper] @returns {any} null where there is none, or none that can be read */
export function readEntry(key, keeper = 'browser') {
  const text = unkept.get(key) ?? textOf(key, keeper);
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** @param {string} key @param {Keeper} keeper */
function textOf(key, keeper) {
  try {
    return storageOf(keeper).getItem(key);
  } catch {
    return null;
  }
}

/** @param {string} key @param {unknown} value @param {Keeper} [keeper] */
export function writeEntry(key, value, keeper = 'browser') {
  const text = JSON.stringify(value);
  try {
    storageOf(keeper).setItem(key, text);
    unkept.delete(key);
  } catch {
    unkept.set(key, text);
  }
}

/** @param {string} key @param {Keeper} [keeper] */
export function removeEntry(key, keeper = 'browser') {
  unkept.delete(key);
  try {
    storageOf(keeper).removeItem(key);
  } catch {
    // There was none.
  }
}

/** The keys of all entries with a name, and with the parts that are given. @param {string} name @param {string[]} parts */
export function keysOf(name, ...parts) {
  const start = `${keyOf(name, ...parts)}:`;
  return [...new Set([...kept(), ...unkept.keys()])].filter((key) => key.startsWith(start)).sort();
}

function kept() {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}

/**
 * Tells of entries that other windows have changed. What a window that was asleep has not heard of it reads again: then
 * there is no key.
 * @param {(key: string | null) => void} listener @returns {() => void} stops
 */
export function onOtherWindow(listener) {
  if (listeners.size === 0) startListening();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

let listening = false;

function startListening() {
  if (listening) return;
  listening = true;
  const notify = (/** @type {string | null} */ key) => {
    for (const listener of listeners) listener(key);
  };
  addEventListener('storage', (event) => notify(event.key));
  addEventListener('pageshow', (event) => event.persisted && notify(null));
  document.addEventListener('resume', () => notify(null));
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && notify(null));
}

/** @type {Map<string, Promise<unknown>>} */
const lines = new Map();

/**
 * One at a time in all windows; where the browser has no locks (not over HTTPS, not on this machine), in this window.
 * @template T @param {string} name @param {() => Promise<T>} work @returns {Promise<T>}
 */
export function locked(name, work) {
  if (navigator.locks) return /** @type {Promise<any>} */ (navigator.locks.request(name, work));
  const before = lines.get(name) ?? Promise.resolve();
  const done = before.catch(() => {}).then(work);
  lines.set(name, done);
  return done;
}
