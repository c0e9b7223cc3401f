// Which step is being read: its row among the steps is marked, and kept in sight.

/**
 * @param {HTMLElement} messages the steps' messages
 * @param {HTMLElement} list the steps' rows
 * @returns {() => void} stops
 */
export function markCurrentStep(messages, list) {
  /** @type {Set<Element>} */
  const visible = new Set();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) visible.add(target);
        else visible.delete(target);
      }
      const first = [...visible].sort((one, other) => stepNumber(one) - stepNumber(other))[0];
      if (first) mark(list, stepNumber(first));
    },
    { rootMargin: '-48px 0px -40% 0px' },
  );
  for (const step of messages.querySelectorAll('[id^="step-"]')) observer.observe(step);
  return () => observer.disconnect();
}

/** @param {Element} step */
function stepNumber(step) {
  return Number(step.id.slice('step-'.length));
}

/** @param {HTMLElement} list @param {number} number */
function mark(list, number) {
  list.querySelector('[aria-current]')?.removeAttribute('aria-current');
  const row = /** @type {HTMLElement | null} */ (list.querySelector(`[href="#step-${number}"]`));
  if (!row) return;
  row.setAttribute('aria-current', 'step');
  const [{ top, bottom }, frame] = [row.getBoundingClientRect(), list.getBoundingClientRect()];
  if (top < frame.top) list.scrollTop -= frame.top - top;
  else if (bottom > frame.bottom) list.scrollTop += bottom - frame.bottom;
}
