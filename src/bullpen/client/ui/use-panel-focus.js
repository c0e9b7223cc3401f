import { useEffect, useLayoutEffect } from 'preact/hooks';
import { arrival } from '../core/router.js';

/**
 * The focus of a panel beside the chat: on its heading when it opens, and where it came from when it closes with the focus in it.
 * @param {{ current: HTMLElement | null }} panel @param {() => Element | null} origin
 */
export function usePanelFocus(panel, origin) {
  useEffect(() => {
    if (arrival.value !== 'start') panel.current?.querySelector('h2')?.focus();
  }, []);
  useLayoutEffect(() => {
    const element = panel.current;
    return () => {
      const focused = document.activeElement;
      if (focused !== document.body && !element?.contains(focused)) return;
      requestAnimationFrame(() => /** @type {HTMLElement | null} */ (origin())?.focus());
    };
  }, []);
}
