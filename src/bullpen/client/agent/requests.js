// What an agent is, is asked with, and has to do.
import { firstAnswer } from '../core/early-answers.js';
import { get, queryOf, send } from '../core/http.js';

/** @import { Agent, AgentChange, Person, Prompt, Queue } from '../core/types.js' */

const part = encodeURIComponent;

/** @param {string} agentId @returns {Promise<Agent>} */
export const getAgent = (agentId) =>
  firstAnswer(`agent:${agentId}`, () => get(`/api/agents/${part(agentId)}`));

/** @param {string} personId @returns {Promise<Person>} */
export const getPerson = (personId) =>
  firstAnswer(`person:${personId}`, () => get(`/api/people/${part(personId)}`));

/** @param {string} agentId @param {AgentChange} change @returns {Promise<Agent>} */
export const changeAgent = (agentId, change) => send('PATCH', `/api/agents/${part(agentId)}`, change);

/** @param {string} agentId @returns {Promise<Queue>} */
export const getQueue = (agentId) => get(`/api/agents/${part(agentId)}/queue`);

/** @param {string} agentId @param {string} channelId empty: as its schedule asks it @returns {Promise<Prompt>} */
export const getPrompt = (agentId, channelId) =>
  get(`/api/agents/${part(agentId)}/prompt${queryOf({ channelId })}`);
