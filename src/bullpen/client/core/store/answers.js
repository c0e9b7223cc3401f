// What agents are writing at this moment, as far as the current user may read it. It is no part of the store: nobody
// can resume from it, and it changes many times a second. The message that an agent sends takes its place.
import { signal } from '@preact/signals';

/** @import { AnswerEvent, LogEvent, PartialAnswer, Place } from '../types.js' */

/** By run. @type {import('@preact/signals').Signal<Record<string, PartialAnswer>>} */
export const answers = signal({});

/** @param {{ channelId: string, parentMessageId: string | null }} one @param {Place} place */
const isAt = (one, place) =>
  one.channelId === place.channelId && one.parentMessageId === place.parentMessageId;

/** @param {AnswerEvent[]} events in the order in which they came */
export function takeAnswers(events) {
  answers.value = events.reduce(afterEvent, answers.peek());
}

/** @param {Record<string, PartialAnswer>} known @param {AnswerEvent} event */
function afterEvent(known, event) {
  if (event.type === 'hello') return {};
  const { [event.runId]: before, ...others } = known;
  if (event.type === 'answer.ended') return before && isAt(before, event) ? others : known;
  const same = before && isAt(before, event) ? before : undefined;
  const text = added(same?.text ?? '', event.text);
  const thinking = added(same?.thinking ?? '', event.thinking);
  // A window that missed a part waits for one that begins anew.
  if (text === null || thinking === null) return others;
  const { runId, agentId, channelId, parentMessageId } = event;
  const tool = event.tool === undefined ? (same?.tool ?? null) : event.tool;
  return { ...others, [runId]: { runId, agentId, channelId, parentMessageId, text, thinking, tool } };
}

/** @param {string} before @param {{ offset: number, text: string } | undefined} more @returns {string | null} null where a part is missing */
function added(before, more) {
  if (!more) return before;
  if (more.offset === 0) return more.text;
  return more.offset === before.length ? before + more.text : null;
}

/**
 * What the log says has come of them: a message in place of what was shown, or the end of a run.
 * @param {LogEvent[]} events
 */
export function settleAnswers(events) {
  const known = answers.peek();
  const left = Object.values(known).filter((answer) => !events.some((event) => isOver(answer, event)));
  if (left.length < Object.keys(known).length)
    answers.value = Object.fromEntries(left.map((answer) => [answer.runId, answer]));
}

/** @param {PartialAnswer} answer @param {LogEvent} event */
function isOver(answer, event) {
  switch (event.type) {
    case 'message.created':
      return event.message.userId === answer.agentId && isAt(answer, event);
    case 'run.changed':
      return event.run.id === answer.runId && event.run.status !== 'running';
    case 'channel.deleted':
      return event.channel.id === answer.channelId;
    default:
      return false;
  }
}

/** Without a stream it is unknown whether they go on. */
export function forgetAnswers() {
  answers.value = {};
}

/** For a window that begins to listen. @returns {AnswerEvent[]} */
export function answersSoFar() {
  return Object.values(answers.peek()).map(({ text, thinking, ...answer }) => ({
    type: 'answer.updated',
    ...answer,
    text: { offset: 0, text },
    thinking: { offset: 0, text: thinking },
  }));
}
