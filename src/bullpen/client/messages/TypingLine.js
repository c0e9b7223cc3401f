import { useSignal } from '@preact/signals';
import { ScriptBar } from '../composer/ScriptBar.js';
import { html } from '../core/html.js';
import { reasonOf } from '../core/refusals.js';
import { state, userOf } from '../core/store/store.js';
import { say } from '../ui/prompts.js';
import { cancelRuns } from './requests.js';

const mostNamed = 3;

/** Who is about to answer, and what stops them; while nobody is, that no model answers here. @param {{ place: import('../core/types.js').Place }} props */
export function TypingLine({ place }) {
  const names = state.value.typing
    .filter((one) => one.channelId === place.channelId && one.parentMessageId === place.parentMessageId)
    .map((one) => userOf(one.agentId).displayName);
  // In a thread, which is beside its channel, once is enough.
  const inChannel = place.parentMessageId === null;
  return html`<div class="composer__line">
    <span class="composer__typing" aria-live="polite">
      ${
        names.length > 0 &&
        html`<span class="typing" aria-hidden="true"><span></span><span></span><span></span></span> ${typingWords(names)}`
      }
    </span>
    ${names.length > 0 && html`<${StopButton} place=${place} />`}
  </div>${names.length === 0 && inChannel && html`<${ScriptBar} />`}`;
}

/** Cancels what agents do in this conversation, and what they have not begun. @param {{ place: import('../core/types.js').Place }} props */
function StopButton({ place }) {
  const busy = useSignal(false);

  async function onStop() {
    if (busy.peek()) return;
    busy.value = true;
    try {
      await cancelRuns(place);
    } catch (error) {
      say(`Not stopped: ${reasonOf(error)}.`);
    } finally {
      busy.value = false;
    }
  }

  return html`<button class="composer__stop" type="button" data-tip="Stops all agents at work in this conversation" disabled=${busy.value} onClick=${onStop}>Stop</button>`;
}

/** @param {string[]} names */
export function typingWords(names) {
  if (names.length > mostNamed) return 'Several people are typing…';
  const last = names.at(-1);
  const others = names.slice(0, -1).join(', ');
  return others ? `${others} and ${last} are typing…` : `${last} is typing…`;
}
