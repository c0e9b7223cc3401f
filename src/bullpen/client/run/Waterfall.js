import { useEffect, useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { durationLabel } from '../core/time-format.js';
import { makeCurrent, rove } from '../ui/roving.js';
import { countLabel, tokenLabel } from './trace.js';

/** @import { Trace } from '../core/types.js' */
/** @import { waterfallOf } from './trace.js' */

const row = '.waterfall__row';

/** The steps along the run's time; each leads to its messages. @param {{ run: Trace, waterfall: ReturnType<typeof waterfallOf> }} props */
export function Waterfall({ run, waterfall }) {
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const { bars, total } = waterfall;

  useEffect(() => (list.current ? rove(list.current, row) : undefined), []);
  useEffect(() => {
    if (list.current && !list.current.querySelector(`${row}[tabindex="0"]`))
      makeCurrent(list.current, row, list.current.querySelector(row));
  }, [run]);

  return html`
    <nav class="waterfall" aria-label="Steps">
      <div class="waterfall__head" aria-hidden="true">
        <span>${run.steps.length === 1 ? '1 step' : `${run.steps.length} steps`}</span>
        <span class="waterfall__axis"><span>0</span><span>${durationLabel(total / 2)}</span><span>${durationLabel(total)}</span></span>
      </div>
      <ol class="waterfall__list" ref=${list}>
        ${run.steps.map((step, at) => {
          const bar = bars[at];
          if (!bar) return null;
          const { offset, width, span } = bar;
          return html`
            <li key=${step.id}>
              <a class="waterfall__row" href=${`#step-${step.stepNumber}`} tabindex="-1" onClick=${showStep}>
                <span class="waterfall__number"><span class="visually-hidden">Step </span>${step.stepNumber}</span>
                <span class="waterfall__track" aria-hidden="true">
                  <span class=${`waterfall__bar waterfall__bar--${step.status}`} style=${{ insetInlineStart: `${offset * 100}%`, inlineSize: `${width * 100}%` }}></span>
                </span>
                <span class="waterfall__duration"><span class="visually-hidden">, ${step.status}, </span>${durationLabel(span)}</span>
                <span class="waterfall__tokens">${step.tokenUsage && html`<span aria-hidden="true">${countLabel(step.tokenUsage.inputTokens + step.tokenUsage.outputTokens)}</span><span class="visually-hidden">, ${tokenLabel(step.tokenUsage)} tokens</span>`}</span>
              </a>
            </li>
          `;
        })}
      </ol>
    </nav>
  `;
}

/** @param {MouseEvent} event the address keeps the step, and the way back does not go through each of them */
function showStep(event) {
  event.preventDefault();
  const { hash } = /** @type {HTMLAnchorElement} */ (event.currentTarget);
  history.replaceState(history.state, '', hash);
  focusStep();
}

/** Brings the step into sight that the address names. */
export function focusStep() {
  if (!/^#step-\d+$/.test(location.hash)) return;
  const heading = document.querySelector(`${location.hash} h2`);
  heading?.closest('section')?.scrollIntoView({ block: 'start' });
  /** @type {HTMLElement | null | undefined} */ (heading)?.focus({ preventScroll: true });
}
