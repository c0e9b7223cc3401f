import { useMemo } from 'preact/hooks';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { Collapsible } from '../ui/Collapsible.js';
import { Icon } from '../ui/Icon.js';
import { outcomeOf } from './run-outcome.js';
import { iconOfTool } from './tool-icons.js';

/** @import { Trace } from '../core/types.js' */

/** What came of the run, before how it came about. @param {{ run: Trace }} props */
export function Outcome({ run }) {
  const { said, silence, made } = useMemo(() => outcomeOf(run), [run]);
  const active = run.status === 'created' || run.status === 'running';
  if (said.length + made.length === 0 && silence === null) return null;
  return html`
    <section class="outcome" aria-label=${t('Outcome')}>
      ${said.map(
        ({ text, to, stepNumber }, at) => html`
          <div key=${at} class="outcome__said">
            <span class="outcome__head"><${Icon} name="message-circle" size=${14} /> ${to ? t('Said to {place}', { place: to }) : t('Said')} <span class="quiet">${t('in step {number}', { number: stepNumber })}</span></span>
            <${Collapsible} class="outcome__text" text=${text} most=${500} lines=${6} />
          </div>
        `,
      )}
      ${silence !== null && !active && html`<div class="outcome__said"><span class="outcome__head"><${Icon} name="circle-dashed" size=${14} /> ${t('Stayed silent')}</span><${Collapsible} class="outcome__text" text=${silence} most=${500} lines=${4} /></div>`}
      ${
        made.length > 0 &&
        html`<p class="outcome__made">${made.map(({ toolName, id, count }) => html`<a key=${id} class="chip" href=${`#entry-${id}`}><${Icon} name=${iconOfTool(toolName)} size=${12} /> ${toolName}${count > 1 && ` × ${count}`}</a>`)}</p>`
      }
    </section>
  `;
}
