import { addressOfRun } from '../core/addresses.js';
import { html } from '../core/html.js';
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
    <section class="desk" aria-label="Now">
      <p class=${`desk__state desk__state--${state}`} role="status">
        <${Icon} name=${state === 'running' ? 'loader-circle' : 'circle-dashed'} size=${16} strokeWidth=${2.2} />
        ${words(queue.data)}
      </p>
      ${running && html`<ul class="desk__list"><${Waiting} run=${running} /></ul>`}
      ${
        shown.length > 0 &&
        html`
        <ol class="desk__list" aria-label="Queued">
          ${shown.map((run) => html`<${Waiting} key=${run.id} run=${run} />`)}
        </ol>
        ${waitingCount > shown.length && html`<p class="quiet">and ${waitingCount - shown.length} more</p>`}
      `
      }
    </section>
  `;
}

/** @param {Queue} queue */
function words({ agentId, state, waitingCount }) {
  if (pauseOfAgent(agentId) || workspacePause())
    return waitingCount === 0 ? 'Paused' : `Paused · ${waitingCount} queued`;
  if (state === 'idle') return 'Idle';
  const doing = state === 'waiting' ? 'Waiting for a worker' : 'Working';
  return waitingCount === 0 ? doing : `${doing} · ${waitingCount} queued`;
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
