// What only the pages ask of the API.
import { get, request } from '../core/api.js';
import { firstAnswer } from '../core/early-answers.js';

/** @import { Agent, AgentChange, Budget, BudgetChange, MemoryBlock, MemoryVersion, NewRecurring, NewScheduled, Pages, Passage, PrivateNote, Prompt, Queue, RecurringMessage, Run, RunAccount, RunStatus, ScheduledMessage, Trace } from '../core/types.js' */

const part = encodeURIComponent;

/** @param {string} method @param {string} path @param {unknown} [body] */
async function send(method, path, body) {
  return (
    await request(path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  ).json();
}

/** @param {Record<string, string | number | undefined>} values those that are empty are left out */
function queryOf(values) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value) query.set(name, String(value));
  return query.size > 0 ? `?${query}` : '';
}

/** @param {string} agentId @returns {Promise<Agent>} */
export const getAgent = (agentId) =>
  firstAnswer(`agent:${agentId}`, () => get(`/api/agents/${part(agentId)}`));

/** @returns {Promise<Agent[]>} */
export const getInactive = () => get('/api/agents?active=false');

/** @param {string} agentId @param {AgentChange} change @returns {Promise<Agent>} */
export const changeAgent = (agentId, change) => send('PATCH', `/api/agents/${part(agentId)}`, change);

/** @param {string} agentId */
const memoryOf = (agentId) => `/api/agents/${part(agentId)}/memory`;

/** @param {string} agentId @returns {Promise<MemoryBlock[]>} */
export const getMemory = (agentId) => get(memoryOf(agentId));

/**
 * @param {string} agentId @param {string} label
 * @param {{ content: string, isShared?: boolean, version?: number }} body
 * @returns {Promise<MemoryBlock>}
 */
export const putBlock = (agentId, label, body) => send('PUT', `${memoryOf(agentId)}/${part(label)}`, body);

/** @param {string} agentId @param {string} label @param {boolean} force @returns {Promise<MemoryBlock>} */
export const deleteBlock = (agentId, label, force) =>
  send('DELETE', `${memoryOf(agentId)}/${part(label)}${force ? '?force=true' : ''}`);

/** @param {string} agentId @param {string} label @param {number} [before] @returns {Promise<Pages<MemoryVersion, number>>} */
export async function getVersions(agentId, label, before) {
  const { versions, nextCursor } = await get(
    `${memoryOf(agentId)}/${part(label)}/versions${queryOf({ before })}`,
  );
  return { items: versions, next: nextCursor };
}

/** @param {string} agentId @param {string} label @param {number} version @returns {Promise<MemoryBlock>} */
export const restoreBlock = (agentId, label, version) =>
  send('POST', `${memoryOf(agentId)}/${part(label)}/restore`, { version });

/** @param {string} agentId @param {string} label @param {string[]} agentIds @returns {Promise<MemoryBlock>} */
export const linkBlock = (agentId, label, agentIds) =>
  send('PUT', `${memoryOf(agentId)}/${part(label)}/links`, { agentIds });

/** @param {string} agentId @returns {Promise<PrivateNote[]>} */
export const getNotes = (agentId) => get(`/api/agents/${part(agentId)}/notes`);

/** @param {PrivateNote} note */
const noteAt = ({ agentId, channelId, label }) =>
  `/api/agents/${part(agentId)}/notes/${part(channelId)}/${part(label)}`;

/** @param {PrivateNote} note @param {{ content: string, version: number }} body @returns {Promise<PrivateNote>} */
export const putNote = (note, body) => send('PUT', noteAt(note), body);

/** @param {PrivateNote} note @returns {Promise<PrivateNote>} */
export const deleteNote = (note) => send('DELETE', noteAt(note));

/** @param {PrivateNote} note @param {number} [before] @returns {Promise<Pages<MemoryVersion, number>>} */
export async function getNoteVersions(note, before) {
  const { versions, nextCursor } = await get(`${noteAt(note)}/versions${queryOf({ before })}`);
  return { items: versions, next: nextCursor };
}

/** @param {PrivateNote} note @param {number} version @returns {Promise<PrivateNote>} */
export const restoreNote = (note, version) => send('POST', `${noteAt(note)}/restore`, { version });

/**
 * @param {string} agentId @param {{ q: string, tags: string }} search @param {string} [cursor]
 * @returns {Promise<Pages<Passage, string>>}
 */
export async function getPassages(agentId, search, cursor) {
  const { passages, nextCursor } = await get(
    `/api/agents/${part(agentId)}/archival${queryOf({ ...search, cursor, limit: 30 })}`,
  );
  return { items: passages, next: nextCursor };
}

/** @param {string} agentId @param {{ content: string, tags: string[] }} passage @returns {Promise<Passage>} */
export const addPassage = (agentId, passage) =>
  send('POST', `/api/agents/${part(agentId)}/archival`, passage);

/** @param {string} agentId @param {string} passageId */
export const deletePassage = (agentId, passageId) =>
  send('DELETE', `/api/agents/${part(agentId)}/archival/${part(passageId)}`);

/** @param {string} agentId @returns {Promise<ScheduledMessage[]>} */
export const getScheduled = (agentId) => get(`/api/scheduled${queryOf({ agentId })}`);

/** @param {NewScheduled} scheduled @returns {Promise<ScheduledMessage>} */
export const schedule = (scheduled) => send('POST', '/api/scheduled', scheduled);

/** @param {string} id @returns {Promise<ScheduledMessage>} */
export const cancelScheduled = (id) => send('DELETE', `/api/scheduled/${part(id)}`);

/** @param {string} agentId @returns {Promise<RecurringMessage[]>} */
export const getRecurring = (agentId) => get(`/api/recurring${queryOf({ agentId })}`);

/** @param {NewRecurring} recurring @returns {Promise<RecurringMessage>} */
export const repeat = (recurring) => send('POST', '/api/recurring', recurring);

/** @param {string} id @returns {Promise<RecurringMessage>} what it was */
export const stopRecurring = (id) => send('DELETE', `/api/recurring/${part(id)}`);

/** @returns {Promise<Budget[]>} */
export const getBudgets = () => get('/api/budgets');

/** @param {BudgetChange} change @returns {Promise<Budget[]>} all of them */
export const setBudget = (change) => send('PUT', '/api/budgets', change);

/**
 * @param {string} agentId @param {RunStatus | undefined} status @param {string} [before]
 * @returns {Promise<Pages<Run, string>>}
 */
export async function getRuns(agentId, status, before) {
  const response = await request(`/api/runs${queryOf({ agentId, status, before, limit: 50 })}`);
  /** @type {Run[]} */
  const items = await response.json();
  const hasOlder = /rel="?next"?/.test(response.headers.get('Link') ?? '');
  return { items, next: hasOlder ? (items.at(-1)?.id ?? null) : null };
}

/** @param {string} runId @returns {Promise<Trace>} */
export const getTrace = (runId) => firstAnswer(`run:${runId}`, () => get(`/api/runs/${part(runId)}`));

/** @param {string} runId @returns {Promise<Run>} */
export const cancelRun = (runId) => send('POST', `/api/runs/${part(runId)}/cancel`);

/** @param {string} runId @returns {Promise<RunAccount>} */
export const getAccount = (runId) => get(`/api/runs/${part(runId)}/account`);

/** @param {string} runId @param {number} stepNumber @returns {Promise<unknown>} */
export const getRequest = (runId, stepNumber) => get(`/api/runs/${part(runId)}/steps/${stepNumber}/request`);

/** @param {string} runId @param {string} modelId empty: the agent's own @returns {Promise<Run>} */
export const runAgain = (runId, modelId) =>
  send('POST', `/api/runs/${part(runId)}/again`, modelId ? { modelId } : {});

/** @param {string} agentId @returns {Promise<Queue>} */
export const getQueue = (agentId) => get(`/api/agents/${part(agentId)}/queue`);

/** @param {string} agentId @param {string} channelId empty: as its schedule asks it @returns {Promise<Prompt>} */
export const getPrompt = (agentId, channelId) =>
  get(`/api/agents/${part(agentId)}/prompt${queryOf({ channelId })}`);
