// Which agents a message asks, as chat/routing.py decides it on the server; tests/cases/routing.json tests both. Which of
// several fits best only the server knows.

/** @import { ReachedAgent } from '../core/types.js' */

/**
 * @param {Pick<ReachedAgent, 'agentId' | 'policy'>[]} agents of the channel
 * @param {{ kind: string, authorId: string, named: string[], authors: string[] | null }} message authors: of its thread; null outside of threads
 * @returns {{ certain: string[], fitting: string[] }} those who are asked, and those of whom one is asked
 */
export function reachedBy(agents, { kind, authorId, named, authors }) {
  const others = agents.filter((one) => one.agentId !== authorId);
  const takesPart = (/** @type {string} */ id) => authors === null || authors.includes(id);
  const certain = others.filter(({ agentId, policy }) => {
    if (policy === 'none') return false;
    if (named.includes(agentId)) return true;
    if (kind === 'dm') return policy !== 'mentions';
    return policy === 'all' && takesPart(agentId);
  });
  const isForSomebody = kind === 'dm' || named.some((id) => id !== authorId);
  const fitting = isForSomebody
    ? []
    : others.filter(({ agentId, policy }) => policy === 'best_fit' && takesPart(agentId));
  return { certain: certain.map((one) => one.agentId), fitting: fitting.map((one) => one.agentId) };
}

/**
 * How many agents reply at most, and what that is likely to cost; null where a price is not known.
 * @param {ReachedAgent[]} agents @param {ReturnType<typeof reachedBy>} reached
 */
export function reachOf(agents, { certain, fitting }) {
  const prices = new Map(agents.map((one) => [one.agentId, one.likelyUsd]));
  const of = (/** @type {string[]} */ ids) => ids.map((id) => prices.get(id) ?? null);
  const sum = (/** @type {(number | null)[]} */ usd) =>
    usd.reduce(
      (all, one) => (all === null || one === null ? null : all + one),
      /** @type {number | null} */ (0),
    );
  const chosen = sum(of(fitting));
  const usd = sum([...of(certain), fitting.length && chosen !== null ? chosen / fitting.length : chosen]);
  return { number: certain.length + (fitting.length > 0 ? 1 : 0), usd };
}
