// Where agents are paused. A pause of an agent is in force everywhere, one of a channel for all agents in it.
import { state } from './store.js';

/** @import { Channel, Pause } from '../types.js' */

/** @param {(pause: Pause) => boolean} wanted */
const find = (wanted) => Object.values(state.value.pauses).find(wanted);

/** Of the whole workspace. */
export const workspacePause = () => find((pause) => pause.agentId === null && pause.channelId === null);

/** @param {string} agentId */
export const pauseOfAgent = (agentId) => find((pause) => pause.agentId === agentId);

/** @param {string} channelId */
export const pauseOfChannel = (channelId) => find((pause) => pause.channelId === channelId);

/**
 * All that keep agents from answering in a conversation, the widest first. In a direct message that is also a pause of
 * the agent that it is with.
 * @param {Channel} channel @returns {Pause[]}
 */
export function pausesIn(channel) {
  const ofAgents = channel.kind === 'dm' ? channel.memberIds.map(pauseOfAgent) : [];
  const found = [workspacePause(), pauseOfChannel(channel.id), ...ofAgents];
  return found.filter((pause) => pause !== undefined);
}
