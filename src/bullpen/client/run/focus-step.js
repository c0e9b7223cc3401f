/** Brings the step or the entry into sight that the address names. */
export function focusStep() {
  const [, kind] = /^#(step|entry)-[\da-f-]+$/.exec(location.hash) ?? [];
  if (!kind) return;
  const found = document.querySelector(location.hash);
  found?.scrollIntoView({ block: kind === 'step' ? 'start' : 'center' });
  const focused = kind === 'step' ? found?.querySelector('h2') : found;
  /** @type {HTMLElement | null | undefined} */ (focused)?.focus({ preventScroll: true });
}

/** Keeps a place in the address; the way back does not go through each of them. @param {string} hash */
export function focusAt(hash) {
  history.replaceState(history.state, '', hash);
  focusStep();
}
