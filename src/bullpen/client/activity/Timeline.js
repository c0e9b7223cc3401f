import { addressOfRun } from '../core/addresses.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { userOf } from '../core/store/store.js';
import { durationLabel, momentLabel } from '../core/time-format.js';
import { statusLabels } from '../run/RunStatus.js';

/** @import { ActivityRow } from '../core/types.js' */

// Thinner than this, nobody finds a bar.
const least = 0.4;

/** @typedef {{ run: ActivityRow['run'], start: number, width: number, span: number }} Bar  start and width in percent */

/**
 * Who worked when, in the time that these runs span.
 * @param {ActivityRow[]} rows @param {number} now
 * @returns {{ from: number, to: number, agents: { agentId: string, bars: Bar[] }[] }}
 */
export function timelineOf(rows, now) {
  const worked = rows.flatMap(({ run }) => {
    if (run.startedAt === null) return [];
    const from = Date.parse(run.startedAt);
    return [{ run, from, to: run.completedAt === null ? now : Date.parse(run.completedAt) }];
  });
  const from = Math.min(...worked.map((one) => one.from));
  const to = Math.max(...worked.map((one) => one.to));
  const whole = Math.max(1, to - from);
  /** @type {Map<string, Bar[]>} */
  const bars = new Map();
  for (const one of worked) {
    const span = Math.max(0, one.to - one.from);
    const width = Math.max(least, (100 * span) / whole);
    const start = Math.min(100 - width, (100 * (one.from - from)) / whole);
    bars.set(one.run.agentId, [
      ...(bars.get(one.run.agentId) ?? []),
      { run: one.run, start: Math.max(0, start), width: Math.min(100, width), span },
    ]);
  }
  const agents = [...bars].map(([agentId, its]) => ({ agentId, bars: its }));
  return { from, to, agents };
}

/** @param {{ rows: ActivityRow[] }} props */
export function Timeline({ rows }) {
  const now = new Date();
  const { from, to, agents } = timelineOf(rows, now.getTime());
  if (agents.length === 0) return null;
  return html`
    <section class="activity__part" aria-labelledby="activity-timeline">
      <h2 class="form__title" id="activity-timeline">${t('Who worked when')}</h2>
      <ol class="timeline">
        ${agents.map(
          ({ agentId, bars }) => html`
            <li key=${agentId} class="timeline__row">
              <span class="timeline__name" dir="auto">${userOf(agentId).displayName}</span>
              <span class="timeline__lane">
                ${bars.map(
                  ({ run, start, width, span }) =>
                    html`<a key=${run.id} class=${`timeline__bar timeline__bar--${run.status}`} href=${addressOfRun(run.id)} style=${{ insetInlineStart: `${start}%`, inlineSize: `${width}%` }} aria-label=${`${statusLabels[run.status]}, ${durationLabel(span)}, ${momentLabel(new Date(run.startedAt ?? ''), now)}`} data-tip=${`${statusLabels[run.status]} · ${durationLabel(span)}`} tabindex="-1"></a>`,
                )}
              </span>
            </li>
          `,
        )}
      </ol>
      <p class="timeline__ends"><span>${momentLabel(new Date(from), now)}</span><span>${momentLabel(new Date(to), now)}</span></p>
    </section>
  `;
}
