import { useEffect, useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { plural, t } from '../core/language.js';
import { durationLabel } from '../core/time-format.js';
import { Icon } from '../ui/Icon.js';
import { makeCurrent, rove } from '../ui/roving.js';
import { callsOf } from './calls.js';
import { costLabel } from './cost.js';
import { focusAt } from './focus-step.js';
import { iconOfTool } from './tool-icons.js';
import { countLabel, tokenLabel } from './trace.js';

/** @import { Trace } from '../core/types.js' */
/** @import { Call } from './calls.js' */
/** @import { waterfallOf } from './trace.js' */

const row = '.waterfall__row';

/**
 * The steps along the run's time, each with the tools that it called: what leads to their entries.
 * @param {{ run: Trace, waterfall: ReturnType<typeof waterfallOf>, costs: (number | null)[] }} props costs: of each step, where known
 */
export function Waterfall({ run, waterfall, costs }) {
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const { bars, total } = waterfall;

  useEffect(() => (list.current ? rove(list.current, row) : undefined), []);
  useEffect(() => {
    if (list.current && !list.current.querySelector(`${row}[tabindex="0"]`))
      makeCurrent(list.current, row, list.current.querySelector(row));
  }, [run]);

  return html`
    <nav class="waterfall" aria-label=${t('Steps')}>
      <div class="waterfall__head" aria-hidden="true">
        <span>${plural(run.steps.length, '{count} step', '{count} steps')}</span>
        <span class="waterfall__axis"><span>0</span><span>${durationLabel(total / 2)}</span><span>${durationLabel(total)}</span></span>
      </div>
      <ol class="waterfall__list" ref=${list}>
        ${run.steps.map((step, at) => {
          const bar = bars[at];
          if (!bar) return null;
          const { offset, width, span } = bar;
          const calls = callsOf(step.messages);
          const cost = costs[at] ?? null;
          return html`
            <li key=${step.id}>
              <a class="waterfall__row" href=${`#step-${step.stepNumber}`} tabindex="-1" onClick=${showStep}>
                <span class="waterfall__number"><span class="visually-hidden">${t('Step')} </span>${step.stepNumber}</span>
                <span class="waterfall__tool">${calls[0] && html`<${Icon} name=${calls.length === 1 ? iconOfTool(calls[0].toolName) : 'wrench'} size=${13} /><span>${calls.length === 1 ? calls[0].toolName : t('{count} tools', { count: calls.length })}</span>`}</span>
                <span class="waterfall__track" aria-hidden="true">
                  <span class=${`waterfall__bar waterfall__bar--${step.status}`} style=${{ insetInlineStart: `${offset * 100}%`, inlineSize: `${width * 100}%` }}></span>
                </span>
                <span class="waterfall__duration"><span class="visually-hidden">, ${step.status}, </span>${durationLabel(span)}</span>
                <span class="waterfall__tokens">${step.tokenUsage && html`<span aria-hidden="true">${countLabel(step.tokenUsage.inputTokens + step.tokenUsage.outputTokens)}</span><span class="visually-hidden">, ${t('{count} tokens', { count: tokenLabel(step.tokenUsage) })}</span>`}</span>
                <span class="waterfall__cost">${cost !== null && cost > 0 && html`<span class="visually-hidden">, </span>${costLabel(cost)}`}</span>
              </a>
              ${calls.length > 1 && calls.map((call) => html`<${CallRow} key=${call.id} call=${call} />`)}
            </li>
          `;
        })}
      </ol>
    </nav>
  `;
}

/** A tool that a step has called among others. @param {{ call: Call }} props */
function CallRow({ call }) {
  return html`
    <button class="waterfall__row waterfall__call" type="button" tabindex="-1" onClick=${() => focusAt(`#entry-${call.id}`)}>
      <span></span>
      <span class="waterfall__tool"><${Icon} name=${iconOfTool(call.toolName)} size=${13} /><span>${call.toolName}</span></span>
      <span class="quiet">${call.failed && t('failed')}</span>
      <span class="waterfall__duration">${call.span !== null && durationLabel(call.span)}</span>
    </button>
  `;
}

/** @param {MouseEvent} event the address keeps the step, and the way back does not go through each of them */
function showStep(event) {
  event.preventDefault();
  focusAt(/** @type {HTMLAnchorElement} */ (event.currentTarget).hash);
}
