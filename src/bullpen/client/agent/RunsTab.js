import { addressOfAgent, addressOfRun } from '../core/addresses.js';
import { html } from '../core/html.js';
import { sentence, t } from '../core/language.js';
import { query } from '../core/router.js';
import { isRunOf, useEvents } from '../core/store/use-events.js';
import { distanceLabel, durationLabel, momentLabel } from '../core/time-format.js';
import { RunStatus, statuses, statusLabels } from '../run/RunStatus.js';
import { getRuns } from '../run/requests.js';
import { spanOf, stopLabel, tokenLabel } from '../run/trace.js';
import { triggerOf } from '../run/trigger.js';
import { Empty } from '../ui/Empty.js';
import { Icon } from '../ui/Icon.js';
import { More } from '../ui/More.js';
import { Failed } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { usePages } from '../ui/use-loaded.js';
import { AgentQueue } from './AgentQueue.js';

/** @import { Agent, Run, RunStatus as Status } from '../core/types.js' */

/** @param {{ agent: Agent }} props */
export function RunsTab({ agent }) {
  const asked = query.value.get('status');
  const status = statuses.find((each) => each === asked);
  const runs = usePages(
    `runs:${agent.id}:${status ?? ''}`,
    (/** @type {string | undefined} */ before) => getRuns(agent.id, status, before),
    { keep: true },
  );
  const { items } = runs;
  useEvents(
    (event) => isRunOf(event, agent.id),
    () => runs.refresh((run) => run.id),
  );

  return html`
    <div class="page__head">
      <p class="page__intro">${sentence(t('Everything {name} did, newest first. <link>Show in Activity</link>'), { name: agent.displayName, link: (/** @type {string} */ words) => html`<a class="plain-link" href=${`/activity?agent=${encodeURIComponent(agent.id)}`}>${words}</a>` })}</p>
    </div>
    <${AgentQueue} agent=${agent} />
    <nav class="chips" aria-label=${t('Filter by status')}>
      <${Filter} agent=${agent} name=${t('All')} here=${status === undefined} />
      ${statuses.map((each) => html`<${Filter} key=${each} agent=${agent} status=${each} name=${statusLabels[each]} here=${each === status} />`)}
    </nav>
    ${list()}
  `;

  function list() {
    if (runs.failure) return html`<${Failed} failure=${runs.failure} retry=${runs.reload} />`;
    if (!items) return html`<${PageSkeleton} label=${t('Loading runs')} />`;
    if (items.length === 0)
      return status
        ? html`<${Empty} icon="workflow" title=${noneWords[status]} text=${t('Choose All to see every run.')} />`
        : html`<${Empty} icon="workflow" title=${t('No runs yet')} text=${t('Each time a message or a scheduled prompt starts this agent, its steps are recorded here.')} />`;
    return html`
      <ul class="runs" aria-label=${t('Runs')} data-stale=${runs.busy ? true : undefined}>
        ${items.map((run) => html`<${RunRow} key=${run.id} run=${run} />`)}
      </ul>
      <${More} pages=${runs} label=${t('Show older runs')} />
    `;
  }
}

/** @param {{ agent: Agent, status?: Status, name: string, here: boolean }} props */
function Filter({ agent, status, name, here }) {
  const address = addressOfAgent(agent.id, 'runs') + (status ? `?status=${status}` : '');
  return html`<a class="chip" href=${address} aria-current=${here ? 'true' : undefined}>${name}</a>`;
}

/** @param {{ run: Run }} props */
function RunRow({ run }) {
  const now = new Date();
  const created = new Date(run.createdAt);
  const span = spanOf(run, now);
  const stop = stopLabel(run);
  return html`
    <li>
      <a class="runs__row" href=${addressOfRun(run.id)}>
        <${RunStatus} status=${run.status} />
        <span class="runs__what">
          <span class="runs__trigger">${triggerOf(run).label}</span>
          ${stop && html`<span class="quiet">${stop}</span>`}
        </span>
        <span class="runs__numbers">
          <span class="runs__tokens">${tokenLabel(run.tokenUsage)}</span>
          <span class="runs__duration">${span === null ? '' : durationLabel(span)}</span>
        </span>
        <time class="runs__when" datetime=${run.createdAt} data-tip=${momentLabel(created, now)}>${distanceLabel(created, now)}</time>
        <${Icon} name="chevron-right" size=${16} />
      </a>
    </li>
  `;
}

/** @type {Record<Status, string>} */
const noneWords = {
  created: t('No queued runs'),
  running: t('No runs in progress'),
  completed: t('No completed runs'),
  failed: t('No failed runs'),
  cancelled: t('No cancelled runs'),
};
