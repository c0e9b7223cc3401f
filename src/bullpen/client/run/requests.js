// Runs: their traces, and what is done with them.
import { firstAnswer } from '../core/early-answers.js';
import { get, queryOf, request, send } from '../core/http.js';

/** @import { DryRun, Experiment, GivenPrompt, Pages, Probe, Run, RunAccount, RunStatus, Trace } from '../core/types.js' */

const part = encodeURIComponent;

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

/** @param {string} runId @returns {Promise<GivenPrompt>} */
export const getGivenPrompt = (runId) => get(`/api/runs/${part(runId)}/prompt`);

/** The whole trace as a text to read. @param {string} runId */
export const addressOfMarkdown = (runId) => `/api/runs/${part(runId)}/export?format=markdown`;

/** @param {string} runId @param {number} stepNumber @returns {Promise<unknown>} */
export const getRequest = (runId, stepNumber) => get(`/api/runs/${part(runId)}/steps/${stepNumber}/request`);

/** @param {string} runId @param {string} [modelId] none: the agent's own @returns {Promise<Run>} */
export const runAgain = (runId, modelId = '') =>
  send('POST', `/api/runs/${part(runId)}/again`, modelId ? { modelId } : {});

/** Asks all these agents once more, or none. @param {string[]} runIds @returns {Promise<Run[]>} */
export const repeatRuns = (runIds) => send('POST', '/api/runs/again', { runIds });

/** Tries a run again without effect. @param {string} runId @param {Partial<DryRun>} how @returns {Promise<Experiment>} */
export const tryRun = (runId, how) => send('POST', `/api/runs/${part(runId)}/dry-runs`, how);

/** Puts fixed questions to an agent without disturbing it. @param {string} agentId @param {Partial<Probe>} how @returns {Promise<Experiment>} */
export const askQuestions = (agentId, how) => send('POST', `/api/agents/${part(agentId)}/probes`, how);

/** Dry runs of a run, and probes of its agent in that channel: the current user's, newest first. @param {Run} run */
export async function getTried({ id, agentId, channelId }) {
  /** @type {Experiment[][]} */
  const [dryRuns = [], ofAgent = []] = await Promise.all([
    get(`/api/experiments${queryOf({ runId: id })}`),
    get(`/api/experiments${queryOf({ agentId })}`),
  ]);
  const probes = ofAgent.filter((one) => one.kind === 'probe' && one.channelId === channelId);
  return [...dryRuns, ...probes].toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
}

/** @param {string} experimentId @returns {Promise<Experiment>} */
export const cancelExperiment = (experimentId) =>
  send('POST', `/api/experiments/${part(experimentId)}/cancel`);

/** @param {string} experimentId @param {string} trialId @returns {Promise<{ messageId: string }>} */
export const postTrial = (experimentId, trialId) =>
  send('POST', `/api/experiments/${part(experimentId)}/trials/${part(trialId)}/post`);
