import { useMemo } from 'preact/hooks';
import { html } from '../../core/html.js';
import { plural, t } from '../../core/language.js';
import { diffRows } from './differences.js';

const marks = { same: ' ', removed: '−', added: '+' };
const tags = { same: 'span', removed: 'del', added: 'ins' };

/** @param {{ before: string, after: string, label: string }} props */
export function Diff({ before, after, label }) {
  const rows = useMemo(() => diffRows(before, after), [before, after]);
  if (before === after) return html`<p class="quiet">${t('No differences.')}</p>`;
  return html`
    <div class="diff" role="group" aria-label=${label}>
      ${rows.map((row, at) => {
        if (row.kind === 'gap')
          return html`<div key=${at} class="diff__gap">${plural(row.lines, '{count} unchanged line', '{count} unchanged lines')}</div>`;
        return html`
          <div key=${at} class=${`diff__row diff__row--${row.kind}`}>
            <span class="diff__mark" aria-hidden="true">${marks[row.kind]}</span>
            <${tags[row.kind]} class="diff__line" dir="auto">${row.parts.map(({ text, changed }, part) =>
              changed ? html`<mark key=${part} class="diff__word">${text}</mark>` : text,
            )}<//>
          </div>
        `;
      })}
    </div>
  `;
}
