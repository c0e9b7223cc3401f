// What a dry run is made of, and what of it is shown.

import { stretchesOf } from '../agent/memory/differences.js';
import { t } from '../core/language.js';

/** @import { Experiment, Trace, Trial } from '../core/types.js' */

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
 * Every model with the persona and prompt as they are and, where others are given, with those.
 * @param {string} models one in a line; none: the agent's @param {string} persona @param {string} [prompt]
 */
export function variantsOf(models, persona, prompt = '') {
  const ids = linesOf(models);
  const named = ids.length > 0 ? ids.map((modelId) => ({ modelId })) : [{}];
  const other = { ...(persona.trim() && { persona }), ...(prompt.trim() && { prompt }) };
  const edited = Object.keys(other).length === 0 ? [] : named.map((one) => ({ ...one, ...other }));
  return [...named, ...edited];
}

/** What is typed one in a line: models, or questions. @param {string} text */
export const linesOf = (text) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** A part of what a run was given, as it was: its prompt is `user_message`. @param {Trace} run @param {string} kind */
export const givenTo = (run, kind) =>
  [...run.messages, ...run.steps.flatMap((step) => step.messages)].find((one) => one.messageType === kind)
    ?.content ?? '';

/** What experiments have cost together. @param {Experiment[]} experiments */
export const costOf = (experiments) =>
  experiments.flatMap((one) => one.trials).reduce((sum, trial) => sum + trial.costUsd, 0);

/** @param {Trial} trial */
export function variantLabel(trial) {
  return [
    trial.modelId ?? t('Agent’s model'),
    trial.persona !== null && t('another persona'),
    trial.prompt !== null && t('another prompt'),
  ]
    .filter(Boolean)
    .join(', ');
}
