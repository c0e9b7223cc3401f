// What owners and admins ask of the API.
import { get, send } from '../core/http.js';

/** @import { Agent, Channel, Invitation, InvitationMade, Role } from '../core/types.js' */

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
