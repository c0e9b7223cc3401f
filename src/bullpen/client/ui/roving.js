// Arrow keys within a list that is one tab stop: of its items only the current one can be reached by Tab, and of what
// is inside the items (marked data-roving) only that of the current one.

const moves = /** @type {Record<string, (at: number, last: number) => number>} */ ({
  ArrowDown: (at, last) => Math.min(at + 1, last),
  ArrowUp: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_at, last) => last,
});

/**
 * @param {HTMLElement} list
 * @param {string} selector of its items
 * @returns {() => void} stops
 */
export function rove(list, selector) {
  const items = () => /** @type {HTMLElement[]} */ ([...list.querySelectorAll(selector)]);

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    const move = moves[event.key];
    const from = event.target instanceof Element ? event.target.closest(selector) : null;
    if (!move || !from || event.altKey || event.ctrlKey || event.metaKey) return;
    const all = items();
    event.preventDefault();
    all[move(all.indexOf(/** @type {HTMLElement} */ (from)), all.length - 1)]?.focus();
  }

  /** @param {FocusEvent} event */
  function onFocusIn(event) {
    const item = event.target instanceof Element ? event.target.closest(selector) : null;
    if (item) makeCurrent(list, selector, /** @type {HTMLElement} */ (item));
  }

  list.addEventListener('keydown', onKeyDown);
  list.addEventListener('focusin', onFocusIn);
  return () => {
    list.removeEventListener('keydown', onKeyDown);
    list.removeEventListener('focusin', onFocusIn);
  };
}

/** @param {HTMLElement} list @param {string} selector @param {HTMLElement | null} item */
export function makeCurrent(list, selector, item) {
  for (const other of list.querySelectorAll(
    `${selector}[tabindex="0"], ${selector} [data-roving][tabindex="0"]`,
  )) {
    other.setAttribute('tabindex', '-1');
  }
  item?.setAttribute('tabindex', '0');
  for (const part of item?.querySelectorAll('[data-roving]') ?? []) part.setAttribute('tabindex', '0');
}
