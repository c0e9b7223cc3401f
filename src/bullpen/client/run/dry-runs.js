// What a dry run is made of, and what of it is shown.
import { stretchesOf } from '../agent/memory/differences.js';

/** @import { Trace, Trial } from '../core/types.js' */

const words = /\s+|[\p{L}\p{M}\p{N}_]+|./gsu;

/** What a run said where it was asked. @param {Trace} run */
export function saidIn(run) {
  const calls = run.steps
    .flatMap((step) => step.messages)
    .filter((one) => one.messageType === 'tool_call_message');
  return calls
    .filter((one) => one.toolName === 'send_message')
    .map((one) => /** @type {Record<string, unknown> | null} */ (one.toolInput))
    .filter((input) => input && !input.channel && !input.to && !input.thread)
    .map((input) => String(input?.text ?? ''))
    .join('\n\n');
}

/** One answer beside another, word by word. @param {string} before @param {string} after */
export function answerDiff(before, after) {
  return stretchesOf(before.match(words) ?? [], after.match(words) ?? []).filter(
    ({ items }) => items.length > 0,
  );
}

/**
 * Every model with the persona as it is and, where another one is given, with that.
 * @param {string} models one in a line; none: the agent's @param {string} persona
 */
export function variantsOf(models, persona) {
  const ids = models
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const named = ids.length > 0 ? ids.map((modelId) => ({ modelId })) : [{}];
  const edited = persona.trim() === '' ? [] : named.map((one) => ({ ...one, persona }));
  return [...named, ...edited];
}

/** @param {Trial} trial */
export function variantLabel(trial) {
  return [
    trial.modelId ?? 'Agent’s model',
    trial.persona !== null && 'another persona',
    trial.prompt !== null && 'another prompt',
  ]
    .filter(Boolean)
    .join(', ');
}
