// What came of a run, from its trace: what it said and where else, or why it said nothing.
import { t } from '../core/language.js';
import { callsOf } from './calls.js';

/** @import { Trace } from '../core/types.js' */

/** @typedef {{ said: { text: string, to: string, stepNumber: number }[], silence: string | null, made: { toolName: string, id: string, count: number }[] }} Outcome made: the tools that changed something, with the first call of each */

const reading = new Set([
  'search_memory',
  'search_messages',
  'read_file',
  'do_nothing',
  'send_message',
  'hidden',
]);

/** @param {Trace} run @returns {Outcome} */
export function outcomeOf(run) {
  /** @type {Outcome} */
  const outcome = { said: [], silence: null, made: [] };
  for (const step of run.steps) {
    for (const { toolName, call, answer, failed } of callsOf(step.messages)) {
      if (!answer || failed) continue;
      const input = /** @type {Record<string, unknown>} */ (call.toolInput ?? {});
      if (toolName === 'send_message' && typeof input.text === 'string')
        outcome.said.push({ text: input.text, to: targetOf(input), stepNumber: step.stepNumber });
      else if (toolName === 'do_nothing' && typeof input.reason === 'string') outcome.silence = input.reason;
      else if (!reading.has(toolName)) {
        const known = outcome.made.find((one) => one.toolName === toolName);
        if (known) known.count += 1;
        else outcome.made.push({ toolName, id: call.id, count: 1 });
      }
    }
  }
  if (outcome.said.length > 0) outcome.silence = null;
  return outcome;
}

/** @param {Record<string, unknown>} input */
function targetOf(input) {
  if (typeof input.channel === 'string') return `#${input.channel.replace(/^#/, '')}`;
  if (typeof input.to === 'string') return `@${input.to.replace(/^@/, '')}`;
  return input.thread ? t('a thread') : '';
}
