import { addressOfRun } from '../core/addresses.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { pauseOfAgent, workspacePause } from '../core/store/pauses.js';
import { isRunOf, useEvents } from '../core/store/use-events.js';
import { distanceLabel } from '../core/time-format.js';
import { triggerOf } from '../run/trigger.js';
import { Icon } from '../ui/Icon.js';
import { useLoaded } from '../ui/use-loaded.js';
import { getQueue } from './requests.js';

/** @import { Agent, Queue, Run } from '../core/types.js' */

const shownAtOnce = 5;

/** The run under way, and those queued, in the order in which they start. @param {{ agent: Agent }} props */
export function AgentQueue({ agent }) {
  const queue = useLoaded(`queue:${agent.id}`, () => getQueue(agent.id), { keep: true });
  useEvents((event) => isRunOf(event, agent.id), queue.reload);
  // Its line is kept, so that nothing moves under somebody who is about to press a button.
  if (!queue.data)
    return (
      queue.busy && html`<div class="desk" aria-hidden="true"><p class="desk__state">${'\u00a0'}</p></div>`
    );
  const { state, running, waiting, waitingCount } = queue.data;
  const shown = waiting.slice(0, shownAtOnce);
  return html`
    <section class="desk" aria-label=${t('Now')}>
      <p class=${`desk__state desk__state--${state}`} role="status">
        <${Icon} name=${state === 'running' ? 'loader-circle' : 'circle-dashed'} size=${16} strokeWidth=${2.2} />
        ${words(queue.data)}
      </p>
      ${running && html`<ul class="desk__list"><${Waiting} run=${running} /></ul>`}
      ${
        shown.length > 0 &&
        html`
        <ol class="desk__list" aria-label=${t('Queued')}>
          ${shown.map((run) => html`<${Waiting} key=${run.id} run=${run} />`)}
        </ol>
        ${waitingCount > shown.length && html`<p class="quiet">${t('and {count} more', { count: waitingCount - shown.length })}</p>`}
      `
      }
    </section>
  `;
}

/** @param {Queue} queue */
function words({ agentId, state, waitingCount }) {
  if (pauseOfAgent(agentId) || workspacePause())
    return waitingCount === 0 ? t('Paused') : t('Paused · {waitingCount} queued', { waitingCount });
  if (state === 'idle') return t('Idle');
  const doing = state === 'waiting' ? t('Waiting for a worker') : t('Working');
  return waitingCount === 0 ? doing : t('{doing} · {waitingCount} queued', { doing, waitingCount });
}

/** @param {{ run: Run }} props */
function Waiting({ run }) {
  const now = new Date();
  return html`
    <li>
      <a class="desk__row" href=${addressOfRun(run.id)}>
        <span>${triggerOf(run).label}</span>
        <time class="quiet" datetime=${run.createdAt}>${distanceLabel(new Date(run.createdAt), now)}</time>
      </a>
    </li>
  `;
}
