import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { locale, t } from '../core/language.js';
import { durationLabel } from '../core/time-format.js';
import { Empty } from '../ui/Empty.js';
import { markCurrentStep } from './current-step.js';
import { focusStep } from './focus-step.js';
import { PromptSections } from './PromptSections.js';
import { StepRequest } from './StepRequest.js';
import { TraceMessage } from './TraceMessage.js';

/** @import { Section, waterfallOf } from './trace.js' */
/** @import { Trace } from '../core/types.js' */

// The prompt is shown by section above.
const folds = new Set(['system_message', 'user_message']);
const shownAtOnce = 12;
const shownPerFrame = 40;

/**
 * What was said in each step. The first steps are drawn at once and the others in the frames that follow; those out of
 * sight are laid out only when they come into it (`content-visibility`).
 * @param {{
 *   run: Trace, sections: Section[], waterfall: ReturnType<typeof waterfallOf>, side?: string, filtered?: boolean
 * }} props side: which of two runs it is, where they stand beside each other; filtered: some of it is left out
 */
export function TraceMessages({ run, sections, waterfall, side = '', filtered = false }) {
  const count = useSignal(location.hash ? sections.length : shownAtOnce);
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const rows = useMemo(
    () =>
      sections.map(
        (section, at) =>
          html`<${StepSection} runId=${run.id} side=${side} key=${section.step?.id ?? `loose-${at}`} section=${section} bar=${waterfall.bars.find(({ id }) => id === section.step?.id)} />`,
      ),
    [sections, waterfall],
  );

  useEffect(() => {
    if (count.value >= sections.length) return;
    const frame = requestAnimationFrame(() => {
      count.value += shownPerFrame;
    });
    return () => cancelAnimationFrame(frame);
  }, [count.value, sections.length]);
  useEffect(focusStep, []);
  useEffect(() => {
    const list = document.querySelector('.waterfall__list');
    if (!box.current || !list) return;
    return markCurrentStep(box.current, /** @type {HTMLElement} */ (list));
  }, [count.value, sections]);

  if (sections.length === 0 && filtered)
    return html`<div class="trace__messages"><${Empty} icon="search" title=${t('Nothing found')} text=${t('No entry of this trace fits the filter.')} /></div>`;
  if (sections.length === 0) {
    const waiting = run.status === 'created' || run.status === 'running';
    return html`<div class="trace__messages"><${Empty} icon="workflow" title=${waiting ? t('No steps yet') : t('No steps')} text=${waiting ? t('Steps appear here as they are recorded.') : t('This run ended before its first step.')} /></div>`;
  }
  return html`<div class="trace__messages" ref=${box} role="region" aria-label=${side ? t('Messages of {run}', { run: side }) : t('Messages of the run')} tabindex="0" aria-busy=${count.value < sections.length}>${!side && !filtered && run.messages.length > 0 && html`<${PromptSections} runId=${run.id} />`}${rows.slice(0, count.value)}</div>`;
}

/** @param {{ runId: string, side: string, section: Section, bar: { span: number, start: number } | undefined }} props */
function StepSection({ runId, side, section, bar }) {
  const { title, step, messages } = section;
  const id = step && !side ? `step-${step.stepNumber}` : undefined;
  return html`
    <section class="step" id=${id} aria-label=${side ? t('{title} of {side}', { title, side }) : title}>
      <header class="step__head">
        <h2 class="step__title" tabindex="-1">${title}</h2>
        ${
          step &&
          html`<span class="step__facts">
          ${step.status !== 'completed' && html`<span class=${`step__status step__status--${step.status}`}>${step.status}</span>`}
          ${bar && html`<span>${durationLabel(bar.span)}</span>`}
          ${step.tokenUsage && html`<span>${t('{input} tokens in, {output} out', { input: step.tokenUsage.inputTokens.toLocaleString(locale), output: step.tokenUsage.outputTokens.toLocaleString(locale) })}</span>`}
          <span class="step__model">${step.modelId}</span>
        </span>`
        }
      </header>
      ${messages.length === 0 && html`<p class="quiet step__empty">${t('No messages were recorded in this step.')}</p>`}
      <ol class="step__messages">
        ${messages.map((message) => html`<${TraceMessage} key=${message.id} message=${message} linked=${!side} folded=${!step && !side && folds.has(message.messageType)} />`)}
      </ol>
      ${step && html`<${StepRequest} runId=${runId} stepNumber=${step.stepNumber} />`}
    </section>
  `;
}
