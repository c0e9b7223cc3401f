import { addressOfRun } from '../core/addresses.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { durationLabel } from '../core/time-format.js';
import { iconOfTool } from '../run/tool-icons.js';
import { Collapsible } from '../ui/Collapsible.js';
import { Icon } from '../ui/Icon.js';
import { Part } from './Part.js';

/** @import { ToolCall } from '../core/types.js' */

/** @param {{ calls: ToolCall[], runId: string }} props */
export function Calls({ calls, runId }) {
  if (calls.length === 0) return null;
  return html`
    <${Part} title=${t('Tools it called')} count=${calls.length}>
      <ol class="why__list">
        ${calls.map(
          (call) => html`
            <li key=${call.id}>
              <details class="why__fold">
                <summary>
                  <${Icon} name=${iconOfTool(call.toolName)} size=${14} />
                  <code>${call.toolName}</code>
                  ${call.isFailed && html`<span class="why__bad">${t('failed')}</span>`}
                  ${call.wroteMessage && html`<span class="why__mark">${t('this message')}</span>`}
                  ${call.milliseconds !== null && html`<span class="quiet">${durationLabel(call.milliseconds)}</span>`}
                </summary>
                <${Collapsible} tag="pre" class="why__code" text=${JSON.stringify(call.toolInput, null, 2)} most=${600} lines=${12} />
                ${call.answer !== null && html`<${Collapsible} class="why__text" text=${call.answer} most=${600} lines=${8} />`}
                <a class="plain-link" href=${`${addressOfRun(runId)}#entry-${call.id}`}>${t('Step {stepNumber} in the trace', { stepNumber: call.stepNumber })}</a>
              </details>
            </li>
          `,
        )}
      </ol>
    <//>
  `;
}
