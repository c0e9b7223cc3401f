// What the activity page is narrowed by, as its address has it, so that it can be linked to.

/** @import { ActivityFilter } from './requests.js' */

/** @typedef {{ agent: string, channel: string, model: string, status: string, from: string, until: string, cost: string }} Chosen  as the fields have it */

/** @type {(keyof Chosen)[]} */
export const names = ['agent', 'channel', 'model', 'status', 'from', 'until', 'cost'];

/** @param {URLSearchParams} query @returns {Chosen} */
export function chosenIn(query) {
  const entries = names.map((name) => [name, query.get(name) ?? '']);
  return /** @type {Chosen} */ (Object.fromEntries(entries));
}

/** @param {Chosen} chosen */
export function addressOfActivity(chosen) {
  const query = new URLSearchParams(Object.entries(chosen).filter(([, value]) => value !== '')).toString();
  return query ? `/activity?${query}` : '/activity';
}

/** @param {Chosen} chosen days are the reader's own @returns {ActivityFilter} */
export function filterOf({ agent, channel, model, status, from, until, cost }) {
  return {
    agentId: agent,
    channelId: channel,
    modelId: model.trim(),
    status,
    from: startOfDay(from, 0),
    to: startOfDay(until, 1),
    leastUsd: Number(cost) > 0 ? cost : '',
  };
}

/** @param {string} day @param {number} later days @returns {string} */
function startOfDay(day, later) {
  const start = new Date(`${day}T00:00`);
  if (Number.isNaN(start.getTime())) return '';
  start.setDate(start.getDate() + later);
  return start.toISOString();
}
