import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { html } from '../core/html.js';

const delay = 250;
const gap = 8;

/** One tooltip for the whole client: it says what the `data-tip` of the element under the pointer or focus says. */
export function TooltipLayer() {
  const target = useSignal(/** @type {HTMLElement | null} */ (null));
  const tip = useRef(/** @type {HTMLElement | null} */ (null));

  useEffect(
    () =>
      watch((element) => {
        if (element && element === target.peek() && tip.current) place(tip.current, element);
        target.value = element;
      }),
    [],
  );
  useLayoutEffect(() => {
    if (tip.current && target.value) place(tip.current, target.value);
  });

  if (!target.value) return null;
  const { tip: text, tipMore: more, tipEmoji: emoji } = target.value.dataset;
  return html`
    <div class="tooltip" aria-hidden="true" ref=${tip}>
      ${emoji && html`<span class="tooltip__emoji">${emoji}</span>`}
      <span class="tooltip__text">${text}${more && html`<span class="tooltip__more">${more}</span>`}</span>
    </div>
  `;
}

/** @param {(element: HTMLElement | null) => void} show @returns {() => void} stops */
function watch(show) {
  let timer = 0;
  /** @param {Element | null} element @param {number} after */
  const later = (element, after) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => show(/** @type {HTMLElement | null} */ (element)), after);
  };
  /** @param {globalThis.Event} event */
  const tipOf = (event) => {
    const element = event.target instanceof Element ? event.target.closest('[data-tip]') : null;
    return element?.hasAttribute('data-tip-if-cut') && element.scrollWidth <= element.clientWidth
      ? null
      : element;
  };
  const hide = () => later(null, 0);
  const focused = () => document.activeElement?.closest('[data-tip]') ?? null;
  const visibleFocused = () => {
    const element = focused();
    return element && isInView(element) ? element : null;
  };
  const listeners = /** @type {[string, (event: any) => void][]} */ ([
    [
      'pointerover',
      (event) => event.pointerType === 'mouse' && later(tipOf(event), tipOf(event) ? delay : 0),
    ],
    ['focusin', (event) => event.target.matches(':focus-visible, .reaction') && later(tipOf(event), 0)],
    ['focusout', hide],
    ['pointerdown', hide],
    ['scroll', () => later(visibleFocused(), 0)], // what has the focus keeps its tip when that scrolled it into view
    ['keydown', (event) => event.key === 'Escape' && hide()],
  ]);
  for (const [name, listener] of listeners)
    document.addEventListener(name, listener, { capture: true, passive: true });
  if (document.activeElement?.matches(':focus-visible')) later(focused(), 0);
  return () => {
    clearTimeout(timer);
    for (const [name, listener] of listeners) document.removeEventListener(name, listener, { capture: true });
  };
}

/** Whether it is not scrolled away. @param {Element} element */
function isInView(element) {
  const { left, top, width, height } = element.getBoundingClientRect();
  return element.contains(document.elementFromPoint(left + width / 2, top + height / 2));
}

/** @param {HTMLElement} tip @param {HTMLElement} target */
function place(tip, target) {
  const at = target.getBoundingClientRect();
  const { width, height } = tip.getBoundingClientRect();
  const side = target.dataset.tipSide ?? 'top';
  const fitsAbove = at.top - height - gap > 0;
  let left = at.left + (at.width - width) / 2;
  let top = side === 'top' && fitsAbove ? at.top - height - gap : at.bottom + gap;
  if (side === 'right') {
    left = at.right + gap;
    top = at.top + (at.height - height) / 2;
  }
  tip.style.left = `${Math.max(gap, Math.min(left, innerWidth - width - gap))}px`;
  tip.style.top = `${Math.max(gap, Math.min(top, innerHeight - height - gap))}px`;
}
