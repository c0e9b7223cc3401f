import { html } from '../app/html.js';
import { state, userOf } from '../app/store.js';
import { repliesAreScripted } from './scripted.js';

const mostNamed = 3;

/** Who is about to answer, or, while nobody is, that no model answers here. @param {{ place: import('../app/types.js').Place }} props */
export function TypingLine({ place }) {
  const names = state.value.typing
    .filter((one) => one.channelId === place.channelId && one.parentMessageId === place.parentMessageId)
    .map((one) => userOf(one.agentId).displayName);
  // In a thread, which is beside its channel, once is enough.
  const note = names.length === 0 && place.parentMessageId === null && repliesAreScripted.value;
  return html`<div class="composer__line" aria-live="polite">
    ${
      names.length > 0 &&
      html`<span class="typing" aria-hidden="true"><span></span><span></span><span></span></span> ${typingWords(names)}`
    }
  </div>${note && html`<p class="composer__script"><span>Replies are scripted.</span> <a href="/settings">Connect a model</a></p>`}`;
}

/** @param {string[]} names */
export function typingWords(names) {
  if (names.length > mostNamed) return 'Several people are typing…';
  const last = names.at(-1);
  const others = names.slice(0, -1).join(', ');
  return others ? `${others} and ${last} are typing…` : `${last} is typing…`;
}
