// As much of a browser as keeping things in it takes: storage that several windows share, and the events that tell of it.

/** @typedef {{ addEventListener: (type: string, listener: (event: any) => void) => void }} Target */

export class Storage {
  /** @type {Map<string, string>} */
  #entries = new Map();
  isFull = false;

  /** @param {string} key */
  getItem(key) {
    return this.#entries.get(key) ?? null;
  }

  /** @param {string} key @param {string} value */
  setItem(key, value) {
    if (this.isFull) throw new DOMException('full', 'QuotaExceededError');
    this.#entries.set(key, value);
    /** @type {any} */ (this)[key] = value;
  }

  /** @param {string} key */
  removeItem(key) {
    this.#entries.delete(key);
    delete (/** @type {any} */ (this)[key]);
  }
}

/** Puts one in place of what Node does not have. @returns {{ storage: Storage, tell: (key: string | null) => void }} `tell`: another window has changed it */
export function pretendBrowser() {
  const storage = new Storage();
  Object.defineProperty(storage, 'isFull', { enumerable: false });
  /** @type {((event: { key: string | null }) => void)[]} */
  const listeners = [];
  const target = {
    /** @param {string} type @param {(event: any) => void} listener */
    addEventListener: (type, listener) => type === 'storage' && listeners.push(listener),
    visibilityState: 'visible',
  };
  Object.defineProperty(globalThis, 'navigator', { value: { onLine: true }, configurable: true });
  Object.assign(globalThis, {
    localStorage: storage,
    addEventListener: target.addEventListener,
    document: target,
  });
  return {
    storage,
    tell: (key) => {
      for (const listener of listeners) listener({ key });
    },
  };
}
