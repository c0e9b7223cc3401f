// Runs that were cancelled before they answered a message: the message says so until the agent is asked again.

/** @import { Message, Page, Run, State, StoppedRun, ThreadReply } from '../types.js' */

/** @param {State} state @param {Run} run as it is now @returns {State} */
export function withRun(state, run) {
  const isOpen = run.status === 'created' || run.status === 'running';
  if (!run.triggerMessageId || (!isOpen && run.status !== 'cancelled')) return state;
  if (!isOpen && (run.hasAnswered || wasRepeated(state, run))) return state;

  /** @template {Message | ThreadReply} T @param {T} message @returns {T} */
  const noted = (message) => {
    if (message.id !== run.triggerMessageId) return message;
    const others = stopsOf(message).filter(({ stopped }) => stopped.agentId !== run.agentId);
    const mine = { stopped: { runId: run.id, agentId: run.agentId }, at: run.completedAt ?? '' };
    const stops = isOpen ? others : [...others, mine].toSorted(byAgent);
    const { stoppedRuns: _runs, stoppedAt: _times, ...rest } = message;
    if (stops.length === 0) return /** @type {T} */ (rest);
    const stoppedRuns = stops.map(({ stopped }) => stopped);
    return /** @type {T} */ ({ ...rest, stoppedRuns, stoppedAt: stops.map(({ at }) => at) });
  };
  /** @template {Message | ThreadReply} T @param {Page<T>} page @returns {Page<T>} */
  const inPage = (page) =>
    page.items.some((item) => item.id === run.triggerMessageId)
      ? { ...page, items: page.items.map(noted) }
      : page;

  const page = run.channelId === null ? undefined : state.messages[run.channelId];
  const messages = page ? { ...state.messages, [run.channelId ?? '']: inPage(page) } : state.messages;
  const threads = Object.fromEntries(
    Object.entries(state.threads).map(([id, { root, replies }]) => [
      id,
      { root: noted(root), replies: inPage(replies) },
    ]),
  );
  return { ...state, messages, threads };
}

/** Whether the agent was asked again before this run was cancelled. @param {State} state @param {Run} run */
function wasRepeated({ kept }, run) {
  return kept?.events.some(
    (event) =>
      event.type === 'run.created' &&
      event.run.agentId === run.agentId &&
      event.run.triggerMessageId === run.triggerMessageId &&
      event.run.createdAt > run.createdAt,
  );
}

/** @typedef {{ stopped: StoppedRun, at: string }} Stop */

/** A message's stopped runs, each with its time. @param {Message | ThreadReply} message @returns {Stop[]} */
export function stopsOf({ stoppedRuns = [], stoppedAt = [] }) {
  return stoppedRuns.map((stopped, place) => ({ stopped, at: stoppedAt[place] ?? '' }));
}

/** @param {Stop} a @param {Stop} b */
const byAgent = ({ stopped: a }, { stopped: b }) =>
  Number(a.agentId > b.agentId) - Number(a.agentId < b.agentId);
