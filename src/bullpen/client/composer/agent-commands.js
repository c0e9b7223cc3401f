// Commands that agents bring: each is another way to write a message that asks its agent.

import { t } from '../core/language.js';
import { pauseOfAgent, pauseOfChannel, workspacePause } from '../core/store/pauses.js';
import { members, session } from '../core/store/store.js';
import { unknownCommand } from './commands.js';

/** @import { AgentCommand, Channel, User } from '../core/types.js' */
/** @typedef {{ agent: User, command: AgentCommand }} Brought */

/** Those of the agents in a channel, in the order of the agents. @param {Channel} channel @returns {Brought[]} */
export function broughtTo(channel) {
  const inside = new Set(channel.memberIds);
  const agents = members.peek().filter(({ id }) => inside.has(id) && id !== session.peek()?.userId);
  return agents.flatMap((agent) => (agent.commands ?? []).map((command) => ({ agent, command })));
}

/** Without those of paused agents, who would not answer now. @param {Channel} channel */
export function offeredIn(channel) {
  if (workspacePause() || pauseOfChannel(channel.id)) return [];
  return broughtTo(channel).filter(({ agent }) => !pauseOfAgent(agent.id));
}

/** What asks its agent, before what is written behind the command. @param {Brought} brought */
export const askingText = ({ agent, command }) => `@${agent.id} /${command.name}`;

/**
 * The message that a command stands for which was typed without choosing it, if one agent alone has it.
 * @param {string} text as it was typed @param {string} name of the command @param {Brought[]} brought
 * @returns {{ post: string } | { problem: string }}
 */
export function askedBy(text, name, brought) {
  const [one, ...others] = brought.filter(({ command }) => command.name === name.toLowerCase());
  if (!one) return { problem: unknownCommand(name) };
  if (others.length === 0) return { post: `@${one.agent.id} ${text}` };
  const names = [one, ...others].map(({ agent }) => `@${agent.id}`).join(', ');
  return {
    problem: t('Several agents have /{name}: {names}. Choose one from the list, or begin with its name.', {
      name,
      names,
    }),
  };
}
