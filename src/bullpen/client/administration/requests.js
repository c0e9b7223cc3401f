// What owners and admins ask of the API.
import { get, queryOf, send } from '../core/http.js';

/** @import { Agent, ApiToken, AuditEntries, Channel, Invitation, InvitationMade, Person, PersonChange, Role, Usage, Workspace } from '../core/types.js' */

const part = encodeURIComponent;

/** @returns {Promise<Invitation[]>} */
export const getInvitations = () => get('/api/invitations');

/** @param {{ email: string, role: Role, channelIds?: string[] }} invitation @returns {Promise<InvitationMade>} */
export const invite = (invitation) => send('POST', '/api/invitations', invitation);

/** @param {string} invitationId */
export const revokeInvitation = (invitationId) => send('DELETE', `/api/invitations/${part(invitationId)}`);

/** Inactive ones, too. @returns {Promise<Agent[]>} */
export async function getAgents() {
  const [active, inactive] = await Promise.all([get('/api/agents'), get('/api/agents?active=false')]);
  return [...active, ...inactive];
}

/** @returns {Promise<Channel[]>} */
export const getArchived = () => get('/api/channels?archived=true');

/** @returns {Promise<Person[]>} inactive ones, too */
export const getPeople = () => get('/api/people');

/** @param {string} personId @param {PersonChange} change @returns {Promise<Person>} */
export const changePerson = (personId, change) => send('PATCH', `/api/people/${part(personId)}`, change);

/** @param {string} personId @returns {Promise<{ link: string, expiresAt: string }>} */
export const makeResetLink = (personId) => send('POST', `/api/people/${part(personId)}/reset-link`);

/** @param {string} agentId @returns {Promise<{ personId: string | null }>} who looks after the agent */
export const getManager = (agentId) => get(`/api/agents/${part(agentId)}/manager`);

/** @param {string} agentId @param {string | null} personId @returns {Promise<{ personId: string | null }>} */
export const setManager = (agentId, personId) =>
  send('PUT', `/api/agents/${part(agentId)}/manager`, { personId });

/** @typedef {{ actor: string, action: string, from: string, to: string }} AuditFilter */

/** The newest first. @param {AuditFilter} filter @param {number | undefined} cursor */
export async function getAudit(filter, cursor) {
  /** @type {AuditEntries} */
  const { entries, nextCursor } = await get(`/api/audit${queryOf({ ...filter, cursor })}`);
  return { items: entries, next: nextCursor };
}

/** @param {AuditFilter} filter */
export const addressOfExport = (filter) => `/api/audit/export${queryOf(filter)}`;

/** Everybody's tokens that one may revoke. @returns {Promise<ApiToken[]>} */
export const getAllTokens = () => get('/api/workspace/tokens');

/** @param {string} personId @param {string} tokenId @returns {Promise<ApiToken[]>} those that are left */
export const revokeTokenOfPerson = (personId, tokenId) =>
  send('DELETE', `/api/people/${part(personId)}/tokens/${part(tokenId)}`);

/** @param {{ by: string, from: string, to: string }} wanted empty days: the last thirty @returns {Promise<Usage>} */
export const getUsage = (wanted) => get(`/api/usage${queryOf(wanted)}`);

/** @returns {Promise<Workspace>} */
export const getWorkspace = () => get('/api/workspace');

/** @param {{ name?: string, showsLinkPreviews?: boolean }} change @returns {Promise<Workspace>} */
export const changeWorkspace = (change) => send('PATCH', '/api/workspace', change);

/** On all devices. @param {string} personId */
export const signOutPerson = (personId) => send('POST', `/api/people/${part(personId)}/sign-out`);
