import { useSignal } from '@preact/signals';
import { useFocusKept } from '../composer/focus-kept.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { reasonOf } from '../core/refusals.js';
import { userOf } from '../core/store/store.js';
import { repeatRuns } from '../run/requests.js';
import { say } from '../ui/prompts.js';

/** @import { StoppedRun } from '../core/types.js' */

const mostNamed = 3;

/** Agents that were to answer a message and were stopped. @param {{ stopped: StoppedRun[], member: boolean }} props */
export function StoppedNote({ stopped, member }) {
  const control = useFocusKept();
  const busy = useSignal(false);
  const names = stopped.map(({ agentId }) => userOf(agentId).displayName);

  async function onAskAgain() {
    if (busy.peek()) return;
    busy.value = true;
    try {
      await repeatRuns(stopped.map(({ runId }) => runId));
    } catch (error) {
      say(t('Couldn’t ask again: {reason}.', { reason: reasonOf(error) }));
    } finally {
      busy.value = false;
    }
  }

  return html`
    <p class="pending">
      <span>${stoppedWords(names)}</span>
      ${member && html`<button class="pending__act" type="button" ref=${control} aria-disabled=${busy.value} onClick=${onAskAgain}>${t('Ask again')}</button>`}
    </p>
  `;
}

/** @param {string[]} names */
export function stoppedWords(names) {
  const shown =
    names.length > mostNamed
      ? [...names.slice(0, mostNamed - 1), t('{count} others', { count: names.length - mostNamed + 1 })]
      : names;
  const last = shown.at(-1);
  const others = shown.slice(0, -1).join(', ');
  if (!others) return t('{name} was stopped before answering.', { name: last });
  return t('{others} and {last} were stopped before answering.', { others, last });
}
