// The inbox by keyboard: J and K move, E and Space mark, Shift+E marks all.
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { makeCurrent, rove } from '../ui/roving.js';

const row = '[data-inbox]';

/**
 * @param {{ keys: string[], toggle: (key: string) => void, markAll: () => void }} given the rows' keys, in their order
 * @returns {{ current: HTMLElement | null }} for the list
 */
export function useTriage(given) {
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const latest = useRef(given);
  latest.current = given;
  /** The row that had the focus last, and its place. */
  const last = useRef(/** @type {{ key: string, place: number } | null} */ (null));

  useEffect(() => {
    const here = list.current;
    return here ? rove(here, row) : undefined;
  }, [given.keys.length > 0]);

  useEffect(() => {
    /** @param {KeyboardEvent} event */
    function onKeyDown(event) {
      if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
      const target = event.target instanceof Element ? event.target : null;
      if (target?.closest('input, textarea, select, [contenteditable], dialog, [role="dialog"]')) return;
      const rows = rowsIn(list.current);
      const at = rows.indexOf(/** @type {HTMLElement} */ (target));
      const key = rows[at]?.dataset.inbox;
      if (event.key === 'j' || event.key === 'k') {
        const next = at < 0 ? 0 : Math.min(Math.max(at + (event.key === 'j' ? 1 : -1), 0), rows.length - 1);
        rows[next]?.focus();
      } else if (event.key === 'E') {
        latest.current.markAll();
      } else if ((event.key === 'e' || event.key === ' ') && key !== undefined) {
        latest.current.toggle(key);
      } else return;
      event.preventDefault();
    }
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);

  useEffect(() => {
    /** @param {FocusEvent} event */
    function onFocusIn(event) {
      const target = event.target instanceof HTMLElement ? event.target.closest(row) : null;
      const place = rowsIn(list.current).indexOf(/** @type {HTMLElement} */ (target));
      const key = /** @type {HTMLElement | null} */ (target)?.dataset.inbox;
      last.current = place < 0 || key === undefined ? null : { key, place };
    }
    document.addEventListener('focusin', onFocusIn);
    return () => document.removeEventListener('focusin', onFocusIn);
  }, []);

  // A row that is gone hands the focus to the one that takes its place; one row can always be reached by Tab.
  useLayoutEffect(() => {
    const rows = rowsIn(list.current);
    const gone = last.current;
    if (gone && !given.keys.includes(gone.key) && document.activeElement === document.body) {
      const next = rows[Math.min(gone.place, rows.length - 1)];
      (next ?? /** @type {HTMLElement | null} */ (document.querySelector('h1')))?.focus();
    }
    if (list.current && !rows.some((one) => one.tabIndex === 0))
      makeCurrent(list.current, row, rows[0] ?? null);
  }, [given.keys.join(' ')]);

  return list;
}

/** @param {HTMLElement | null} list */
function rowsIn(list) {
  return [.../** @type {NodeListOf<HTMLElement>} */ (list?.querySelectorAll(row) ?? [])];
}
