import { useLayoutEffect, useRef } from 'preact/hooks';
import { html } from '../../core/html.js';
import { t } from '../../core/language.js';
import { sentenceOf } from '../../core/refusals.js';
import { channels, titleBeside } from '../../core/store/store.js';
import { distanceLabel, fromLocalInput, localInput } from '../../core/time-format.js';
import { draftAfterSave } from '../../ui/after-save.js';
import { Field, submitOnCtrlEnter } from '../../ui/Field.js';
import { useDraft } from '../../ui/form-drafts.js';
import { useSave } from '../../ui/use-save.js';
import { cronOf, ownZone, rhythms, zoneName } from './cron-presets.js';
import { repeat, schedule } from './requests.js';

/** @import { Agent } from '../../core/types.js' */

/**
 * @typedef {{ rhythm: string, at: string, time: string, cron: string, prompt: string, channelId: string }} Draft
 *   rhythm: once, the days of `rhythms`, or by a cron expression
 */

/** @type {Draft} */
export const nothingYet = { rhythm: 'once', at: '', time: '09:00', cron: '', prompt: '', channelId: '' };

/** @param {{ agent: Agent, added: () => void }} props */
export function NewScheduled({ agent, added }) {
  const [kept, setDraft] = useDraft(/** @type {string} */ (`new-scheduled:${agent.id}`));
  const draft = { ...nothingYet, .../** @type {Partial<Draft> | undefined} */ (kept) };
  const saving = useSave();
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  const fields = saving.problem?.fields ?? {};
  const now = new Date();
  const moment = fromLocalInput(draft.at);
  const cron = cronOfDraft(draft);
  const complete = (draft.rhythm === 'once' ? moment : cron) && draft.prompt.trim() !== '';
  // An agent that cannot read the channel could not post there.
  const possible = Object.values(channels.value ?? {}).filter(
    (channel) => channel.kind === 'public' || channel.memberIds.includes(agent.id),
  );

  useLayoutEffect(() => {
    if (draft.at === '') setDraft({ ...draft, at: localInput(nextHour(new Date())) });
    form.current?.querySelector('select')?.focus();
  }, []);

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    if (!complete) return;
    const what = { agentId: agent.id, prompt: draft.prompt, targetChannelId: draft.channelId || null };
    const answer = await saving.save(() => plan(what));
    if (!answer) return;
    setDraft(draftAfterSave(kept));
    added();
  }

  /** @param {{ agentId: string, prompt: string, targetChannelId: string | null }} what @returns {Promise<unknown>} */
  async function plan(what) {
    if (draft.rhythm !== 'once') return repeat({ ...what, cron, timeZone: ownZone() });
    return schedule({ ...what, triggerAt: moment?.toISOString() ?? '' });
  }

  function when() {
    if (draft.rhythm === 'cron')
      return html`<${Field} label=${t('Cron expression')} name="scheduled-cron" value=${draft.cron} error=${fields.cron} maxlength=${200} spellcheck=${false}
        placeholder="30 9 1 * *" hint=${t('Minute, hour, day of month, month, day of week. Time zone: {zone}', { zone: zoneName(ownZone()) })}
        onInput=${(/** @type {string} */ value) => setDraft({ ...draft, cron: value })} />`;
    if (draft.rhythm !== 'once')
      return html`<${Field} label=${t('Time')} type="time" name="scheduled-time" value=${draft.time} error=${draft.time === '' ? t('Choose a time.') : undefined}
        hint=${t('Time zone: {zone}', { zone: zoneName(ownZone()) })}
        onInput=${(/** @type {string} */ time) => setDraft({ ...draft, time })} />`;
    return html`<${Field} label=${t('When')} type="datetime-local" name="scheduled-at" value=${draft.at} error=${moment ? fields.triggerAt : t('Choose a date and time.')}
      hint=${moment && (moment <= now ? t('In the past, will run right away') : distanceLabel(moment, now))}
      onInput=${(/** @type {string} */ at) => setDraft({ ...draft, at })} />`;
  }

  return html`
    <form class="card new" onSubmit=${submit} onKeyDown=${submitOnCtrlEnter} ref=${form} aria-label=${t('New schedule')}>
      <div class="new__row">
        <div class="field">
          <label class="field__label" for="field-scheduled-rhythm">${t('Repeats')}</label>
          <select class="input" id="field-scheduled-rhythm" value=${draft.rhythm}
            onChange=${(/** @type {globalThis.Event} */ event) => setDraft({ ...draft, rhythm: /** @type {HTMLSelectElement} */ (event.target).value })}>
            <option value="once">${t('Once')}</option>
            ${rhythms.map(({ days, name }) => html`<option key=${days} value=${days}>${name}</option>`)}
            <option value="cron">${t('Custom (cron)')}</option>
          </select>
        </div>
        ${when()}
        <div class="field">
          <label class="field__label" for="field-scheduled-channel">${t('Channel')}</label>
          <select class="input" id="field-scheduled-channel" value=${draft.channelId}
            onChange=${(/** @type {globalThis.Event} */ event) => setDraft({ ...draft, channelId: /** @type {HTMLSelectElement} */ (event.target).value })}>
            <option value="">${t('No channel (agent decides)')}</option>
            ${possible.map((channel) => html`<option key=${channel.id} value=${channel.id}>${titleBeside(channel, agent.id)}</option>`)}
          </select>
          ${fields.targetChannelId && html`<span class="field__error">${fields.targetChannelId}</span>`}
        </div>
      </div>
      <${Field} label=${t('Prompt')} name="scheduled-prompt" tag="textarea" limit=${20_000} value=${draft.prompt} error=${fields.prompt}
        placeholder=${t('What should {name} do?', { name: agent.displayName })}
        onInput=${(/** @type {string} */ prompt) => setDraft({ ...draft, prompt })} />
      ${saving.problem && Object.keys(fields).length === 0 && html`<p class="alert" role="alert">${t("Couldn't schedule the prompt. {reason}", { reason: sentenceOf(saving.problem.failure) })}</p>`}
      <div class="form__buttons">
        <button class="button button--small" type="button" onClick=${() => setDraft(undefined)}>${t('Cancel')}</button>
        <button class="button button--main" type="submit" disabled=${saving.busy || !complete}>${t('Schedule', {}, 'verb')}</button>
      </div>
    </form>
  `;
}

/** @param {Draft} draft */
function cronOfDraft({ rhythm, time, cron }) {
  if (rhythm === 'cron') return cron.trim();
  return time === '' ? '' : cronOf(rhythm, time);
}

/** @param {Date} now */
function nextHour(now) {
  const next = new Date(now);
  next.setHours(now.getHours() + 1, 0, 0, 0);
  return next;
}
