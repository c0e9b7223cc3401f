import { useEffect, useRef } from 'preact/hooks';
import { historyEntry } from '../core/router.js';

/** What the address names after its `#`. */
export function linkedName() {
  // Anew whenever the address changes.
  void historyEntry.value;
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return '';
  }
}

/**
 * Scrolls to an element and focuses it, once, if the address names it.
 * @param {string} name @param {boolean} [ready] false while something above it is still being loaded
 */
export function useLinked(name, ready = true) {
  const element = useRef(/** @type {HTMLElement | null} */ (null));
  const linked = linkedName() === name;
  useEffect(() => {
    if (!linked || !ready) return;
    element.current?.scrollIntoView({ block: 'center' });
    element.current?.focus({ preventScroll: true });
  }, [linked, ready]);
  return { ref: element, linked };
}
