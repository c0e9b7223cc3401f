// What a run's rows say, worked out: spans of time, where each step lies in them, and what came when.
import { locale, t } from '../core/language.js';

/** @import { Run, RunMessage, RunStep, Trace } from '../core/types.js' */

/** @param {string} time */
const at = (time) => new Date(time).getTime();

/** How long a run took, or has taken so far; null while it waits. @param {Run} run @param {Date} now */
export function spanOf(run, now) {
  if (!run.startedAt) return null;
  return (run.completedAt ? at(run.completedAt) : now.getTime()) - at(run.startedAt);
}

/**
 * @typedef {{ id: string, offset: number, width: number, span: number, start: number }} Bar
 *   offset and width are shares of the whole; span and start are milliseconds
 */

/**
 * Where each step lies between the run's start and its end.
 * @param {Trace} run @param {Date} now
 * @returns {{ total: number, bars: Bar[] }}
 */
export function waterfallOf(run, now) {
  const first = run.steps[0];
  if (!first) return { total: 0, bars: [] };
  const start = Math.min(at(run.startedAt ?? first.createdAt), at(first.createdAt));
  const ended = run.completedAt ? at(run.completedAt) : null;
  const ends = run.steps.map((step) => endOf(step, ended, now));
  const total = Math.max(1, Math.max(...ends, ended ?? 0) - start);
  const bars = run.steps.map((step, index) => {
    const began = at(step.createdAt);
    const span = Math.max(0, (ends[index] ?? began) - began);
    return {
      id: step.id,
      offset: (began - start) / total,
      width: span / total,
      span,
      start: began - start,
    };
  });
  return { total, bars };
}

/** A step without an end ended with its run, or has not yet. @param {RunStep} step @param {number | null} ended @param {Date} now */
function endOf(step, ended, now) {
  if (step.completedAt) return at(step.completedAt);
  return Math.max(at(step.createdAt), ended ?? now.getTime());
}

/** @typedef {{ title: string, step: Trace['steps'][number] | null, messages: RunMessage[] }} Section */

/** The steps with their messages; those of no step stand before the first step that is younger. @param {Trace} run @returns {Section[]} */
export function sectionsOf(run) {
  const loose = [...run.messages];
  /** @type {Section[]} */
  const sections = [];
  for (const step of run.steps) {
    const earlier = loose.findIndex((message) => at(message.createdAt) > at(step.createdAt));
    const before = loose.splice(0, earlier < 0 ? loose.length : earlier);
    if (before.length > 0)
      sections.push({ title: looseTitle(sections.length), step: null, messages: before });
    sections.push({
      title: t('Step {stepNumber}', { stepNumber: step.stepNumber }),
      step,
      messages: step.messages,
    });
  }
  if (loose.length > 0) {
    const title = sections.length > 0 ? t('Afterwards') : t('Input');
    sections.push({ title, step: null, messages: loose });
  }
  return sections;
}

/** @param {number} before how many sections there are before it */
function looseTitle(before) {
  return before === 0 ? t('Input') : t('Between steps');
}

/** @type {Record<string, string>} */
const stops = {
  end_turn: t('Finished'),
  error: t('Error'),
  max_steps: t('Hit the turn limit'),
  max_tokens_exceeded: t('Hit the token limit'),
  cancelled: t('Cancelled'),
  no_tool_call: t('No tool call'),
  invalid_tool_call: t('Invalid tool call'),
};

/** Why a run ended, where its status does not say so already. @param {Run} run */
export function stopLabel(run) {
  return run.stopReason && run.stopReason !== run.status ? (stops[run.stopReason] ?? run.stopReason) : '';
}

/** @param {{ inputTokens: number, outputTokens: number } | null | undefined} usage */
export function tokenLabel(usage) {
  if (!usage) return '';
  return t('{input} in, {output} out', {
    input: countLabel(usage.inputTokens),
    output: countLabel(usage.outputTokens),
  });
}

/** @param {number} count */
export function countLabel(count) {
  if (count < 10_000) return count.toLocaleString(locale);
  if (count < 1_000_000) return `${(Math.floor(count / 100) / 10).toLocaleString(locale)}k`;
  return `${(Math.floor(count / 10_000) / 100).toLocaleString(locale)}M`;
}

/** A tool's answer is often JSON: that reads better on lines of its own. @param {string} text */
export function prettyJson(text) {
  if (!/^\s*[[{]/.test(text)) return null;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return null;
  }
}
