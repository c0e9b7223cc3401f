import { addressOfRun } from '../core/addresses.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { userOf } from '../core/store/store.js';
import { durationLabel } from '../core/time-format.js';
import { Failed } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { useLoaded } from '../ui/use-loaded.js';
import { getPastQueue } from './requests.js';

/** The runs of a channel that waited or were under way. @param {{ channelId: string, at: string }} props */
export function PastQueue({ channelId, at }) {
  const queue = useLoaded(`past-queue:${channelId}:${at}`, () => getPastQueue(channelId, at), { keep: true });
  return html`
    <section class="card history__card" aria-labelledby="history-queue" aria-busy=${queue.busy}>
      <h2 class="form__title" id="history-queue">${t('Queue')}</h2>
      ${body()}
    </section>
  `;

  function body() {
    // Guests do not see runs.
    if (queue.failure?.status === 403)
      return html`<p class="quiet">${t('You don’t have permission to see what agents do.')}</p>`;
    if (queue.failure) return html`<${Failed} failure=${queue.failure} retry=${queue.reload} />`;
    if (!queue.data) return html`<${PageSkeleton} label=${t('Loading the queue')} />`;
    if (queue.data.runs.length === 0)
      return html`<p class="quiet">${t('No agent was at work or waiting here.')}</p>`;
    return html`<ul class="history__rows">
      ${queue.data.runs.map((run) => {
        const since = run.state === 'running' ? (run.startedAt ?? run.createdAt) : run.createdAt;
        const span = durationLabel(new Date(at).getTime() - new Date(since).getTime());
        return html`<li key=${run.runId}>
          <a class="history__run" href=${addressOfRun(run.runId)}>
            <span dir="auto">${userOf(run.agentId).displayName}</span>
            <span class="quiet">${run.state === 'running' ? t('working for {span}', { span }) : t('waiting for {span}', { span })}</span>
          </a>
        </li>`;
      })}
    </ul>`;
  }
}
