// Keeps what each agent is doing up to date while the page is open.
import { effect, untracked } from '@preact/signals';
import { get } from '../core/http.js';
import { actorChanges } from '../core/loading.js';
import { recoveries } from '../core/outage.js';
import { followRun, running, unpaid } from '../core/store/agent-states.js';
import { onEvent } from '../core/store/event-bus.js';
import { isGuest } from '../core/store/store.js';

/** @import { Budget, LogEvent, Run } from '../core/types.js' */

const most = 50;
// A budget changes with each run that ends; several that end together are asked about once.
const together = 1_000;

export function startFollowingAgents() {
  effect(() => {
    actorChanges.value;
    recoveries.value;
    untracked(load);
  });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  onEvent((event) => {
    if (event.type === 'reset') load();
    followRun(event);
    if (!hasEnded(event)) return;
    clearTimeout(timer);
    timer = setTimeout(loadBudgets, together);
  });
}

/** @param {LogEvent} event */
const hasEnded = (event) => event.type === 'run.changed' && event.run.completedAt !== null;

function load() {
  loadRuns();
  loadBudgets();
}

async function loadRuns() {
  const startedAt = actorChanges.peek();
  /** @type {Run[] | null} */
  const runs = await get(`/api/runs?status=running&limit=${most}`).catch(() => null);
  if (runs === null || startedAt !== actorChanges.peek()) return;
  running.value = Object.fromEntries(runs.map((run) => [run.id, run]));
}

async function loadBudgets() {
  if (isGuest.peek()) return;
  const startedAt = actorChanges.peek();
  /** @type {Budget[] | null} */
  const budgets = await get('/api/budgets').catch(() => null);
  if (budgets === null || startedAt !== actorChanges.peek()) return;
  const spent = budgets.filter((one) => one.channelId === null && one.spentUsd >= one.dailyUsd);
  unpaid.value = new Set(spent.map((one) => one.agentId ?? '*'));
}
