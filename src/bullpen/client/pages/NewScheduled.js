import { useLayoutEffect, useRef } from 'preact/hooks';
import { html } from '../app/html.js';
import { channels, titleOf } from '../app/store.js';
import { useDraft } from './drafts.js';
import { Field, submitOnCtrlEnter } from './Field.js';
import { distanceLabel, fromLocalInput, localInput } from './moments.js';
import { schedule } from './requests.js';
import { refusal, useSaving } from './saving.js';

/** @import { Agent } from './types.js' */

/** @typedef {{ at: string, prompt: string, channelId: string }} Draft */

/** @param {{ agent: Agent, added: () => void }} props */
export function NewScheduled({ agent, added }) {
  const [kept, setDraft] = useDraft(/** @type {string} */ (`new-scheduled:${agent.id}`));
  const draft = /** @type {Draft} */ (kept ?? { at: '', prompt: '', channelId: '' });
  const saving = useSaving();
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  const fields = saving.problem?.fields ?? {};
  const now = new Date();
  const moment = fromLocalInput(draft.at);
  // An agent that cannot read the channel could not post there.
  const possible = Object.values(channels.value ?? {}).filter(
    (channel) => channel.kind === 'public' || channel.memberIds.includes(agent.id),
  );

  useLayoutEffect(() => {
    if (draft.at === '') setDraft({ ...draft, at: localInput(nextHour(new Date())) });
    form.current?.querySelector('input')?.focus();
  }, []);

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    if (!moment || draft.prompt.trim() === '') return;
    const answer = await saving.save(() =>
      schedule({
        agentId: agent.id,
        triggerAt: moment.toISOString(),
        prompt: draft.prompt,
        targetChannelId: draft.channelId || null,
      }),
    );
    if (!answer) return;
    setDraft(undefined);
    added();
  }

  return html`
    <form class="card new" onSubmit=${submit} onKeyDown=${submitOnCtrlEnter} ref=${form} aria-label="New scheduled message">
      <div class="new__row">
        <${Field} label="When" type="datetime-local" name="scheduled-at" value=${draft.at} error=${moment ? fields.triggerAt : 'Choose a day and a time.'}
          hint=${moment && (moment <= now ? 'In the past: due at once' : distanceLabel(moment, now))}
          onInput=${(/** @type {string} */ at) => setDraft({ ...draft, at })} />
        <div class="field">
          <label class="field__label" for="field-scheduled-channel">Channel</label>
          <select class="input" id="field-scheduled-channel" value=${draft.channelId}
            onChange=${(/** @type {globalThis.Event} */ event) => setDraft({ ...draft, channelId: /** @type {HTMLSelectElement} */ (event.target).value })}>
            <option value="">None: the agent decides</option>
            ${possible.map((channel) => html`<option key=${channel.id} value=${channel.id}>${titleOf(channel)}</option>`)}
          </select>
          ${fields.targetChannelId && html`<span class="field__error">${fields.targetChannelId}</span>`}
        </div>
      </div>
      <${Field} label="Prompt" name="scheduled-prompt" tag="textarea" limit=${20_000} value=${draft.prompt} error=${fields.prompt}
        placeholder=${`What ${agent.displayName} is to do then`}
        onInput=${(/** @type {string} */ prompt) => setDraft({ ...draft, prompt })} />
      ${saving.problem && Object.keys(fields).length === 0 && html`<p class="alert" role="alert">Not scheduled. ${refusal(saving.problem.failure)}</p>`}
      <div class="form__buttons">
        <button class="button button--small" type="button" onClick=${() => setDraft(undefined)}>Cancel</button>
        <button class="button button--main" type="submit" disabled=${saving.busy || !moment || draft.prompt.trim() === ''}>Schedule</button>
      </div>
    </form>
  `;
}

/** @param {Date} now */
function nextHour(now) {
  const next = new Date(now);
  next.setHours(now.getHours() + 1, 0, 0, 0);
  return next;
}
