import { useLayoutEffect, useRef } from 'preact/hooks';

// Where a finger points, the focus would bring up the keyboard.
const coarse = matchMedia('(pointer: coarse)');

/** A reference for a control that goes away once it is used: its conversation's text box then gets the focus. */
export function useFocusKept() {
  const control = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(
    () => () => {
      const element = control.current;
      if (coarse.matches || element === null || document.activeElement !== element) return;
      const inThread = element.closest('.thread') !== null;
      requestAnimationFrame(() => {
        if (document.activeElement !== document.body) return;
        const field = document.querySelector(`${inThread ? '.thread' : '#main'} textarea.composer__area`);
        /** @type {HTMLElement | null} */ (field)?.focus({ preventScroll: true });
      });
    },
    [],
  );
  return control;
}
