import { useComputed, useSignal } from '@preact/signals';
import { useFocusKept } from '../composer/focus-kept.js';
import { ScriptBar } from '../composer/ScriptBar.js';
import { html } from '../core/html.js';
import { ApiError } from '../core/http.js';
import { t } from '../core/language.js';
import { reasonOf } from '../core/refusals.js';
import { answers } from '../core/store/answers.js';
import { state, userOf } from '../core/store/store.js';
import { cancelRun } from '../run/requests.js';
import { say } from '../ui/prompts.js';
import { useConversationQueue } from './conversation-queue.js';
import { queueWords } from './queue-words.js';
import { cancelRuns } from './requests.js';

/** @import { Place } from '../core/types.js' */

/** Who is about to answer and how many after them, and what stops them; while nobody is, that no model answers here. @param {{ place: Place }} props */
export function TypingLine({ place }) {
  const queue = useConversationQueue(place);
  const typing = state.value.typing.filter(
    (one) => one.channelId === place.channelId && one.parentMessageId === place.parentMessageId,
  );
  const names = typing.map((one) => userOf(one.agentId).displayName);
  const [only] = typing;
  const tool = useComputed(() => {
    const answer = Object.values(answers.value).find((one) => one.agentId === only?.agentId);
    return answer && answer.channelId === place.channelId ? answer.tool : null;
  }).value;
  const waiting = queue?.waitingCount ?? 0;
  const answering = names.length > 0 ? queue?.running[0] : undefined;
  const atWork = typing.length === 1 && waiting === 0 && tool !== null;
  const words = atWork ? toolWords(names[0] ?? '', tool) : queueWords(names, waiting);
  // In a thread, which is beside its channel, once is enough.
  const inChannel = place.parentMessageId === null;
  return html`<div class="composer__line">
    <span class="composer__typing" aria-live="polite">
      ${names.length > 0 && html`<span class="typing" aria-hidden="true"><span></span><span></span><span></span></span>`}
      ${words && html`<span class="composer__queue">${words}</span>`}
    </span>
    ${answering && waiting > 0 && html`<${StopButton} label=${t('Stop this answer')} tip=${t('Stops {name}; the next one begins', { name: userOf(answering.agentId).displayName })} stop=${() => stopAnswer(answering.runId)} />`}
    ${words && html`<${StopButton} label=${waiting > 0 ? t('Stop all') : t('Stop')} tip=${t('Stops all agents at work in this conversation')} stop=${() => cancelRuns(place)} />`}
  </div>${words === '' && inChannel && html`<${ScriptBar} />`}`;
}

/** What an agent does with a tool. @type {Record<string, string>} */
const doing = {
  search_messages: t('{name} is searching messages…'),
  read_file: t('{name} is reading a file…'),
  search_memory: t('{name} is searching its memory…'),
  store_memory: t('{name} is writing to its memory…'),
  update_memory: t('{name} is writing to its memory…'),
  schedule_message: t('{name} is planning a message…'),
  react_to_message: t('{name} is reacting to a message…'),
};

/** @param {string} name @param {string} tool */
export function toolWords(name, tool) {
  const words = doing[tool];
  if (words) return words.replace('{name}', () => name);
  return t('{name} is using {tool}…', { name, tool: tool.replaceAll('_', ' ') });
}

/** Somebody else may have stopped it before, or it has just ended. @param {string} runId */
async function stopAnswer(runId) {
  try {
    await cancelRun(runId);
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'run_has_ended')) throw error;
  }
}

/** @param {{ label: string, tip: string, stop: () => Promise<unknown> }} props */
function StopButton({ label, tip, stop }) {
  const control = useFocusKept();
  const busy = useSignal(false);

  async function onStop() {
    if (busy.peek()) return;
    busy.value = true;
    try {
      await stop();
    } catch (error) {
      say(t('Not stopped: {reason}.', { reason: reasonOf(error) }));
    } finally {
      busy.value = false;
    }
  }

  return html`<button class="composer__stop" type="button" ref=${control} data-tip=${tip} aria-disabled=${busy.value} onClick=${onStop}>${label}</button>`;
}
