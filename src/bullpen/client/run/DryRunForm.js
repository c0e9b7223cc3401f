import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { sentenceOf } from '../core/refusals.js';
import { Field, submitOnCtrlEnter } from '../ui/Field.js';
import { useDraftedSignal } from '../ui/form-drafts.js';
import { useSave } from '../ui/use-save.js';
import { variantsOf } from './dry-runs.js';
import { tryRun } from './requests.js';

/** @import { Trace } from '../core/types.js' */

/** @param {{ run: Trace, made: () => void }} props */
export function DryRunForm({ run, made }) {
  const models = useDraftedSignal(`dry-run-models:${run.id}`, '');
  const persona = useDraftedSignal(`dry-run-persona:${run.id}`, '');
  const moment = useSignal(/** @type {'then' | 'now'} */ ('then'));
  const times = useSignal(1);
  const saving = useSave();

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    const done = await saving.save(() =>
      tryRun(run.id, {
        variants: variantsOf(models.value, persona.value),
        times: times.value,
        moment: moment.value,
      }),
    );
    if (done) made();
  }

  return html`
    <form class="dry-run__form card" aria-label="Dry run" onSubmit=${submit} onKeyDown=${submitOnCtrlEnter} novalidate>
      <p class="quiet">Tries the run again without effect. Tools that write are recorded and not carried out, and nothing is posted. It also works while agents are paused.</p>
      <div class="dry-run__fields">
        <${Field} label="Models" name="models" tag="textarea" rows="2" value=${models.value} placeholder="Agent’s model" hint="One on each line, tried beside each other"
          onInput=${(/** @type {string} */ value) => {
            models.value = value;
          }} />
        <${Field} label="Another persona" name="persona" tag="textarea" rows="2" value=${persona.value} placeholder="As it is" hint="Tried beside the persona as it is"
          onInput=${(/** @type {string} */ value) => {
            persona.value = value;
          }} />
        <div class="field">
          <label class="field__label" for="dry-run-moment">Prompt</label>
          <select class="input" id="dry-run-moment" value=${moment.value} onChange=${(
            /** @type {globalThis.Event} */ event,
          ) => {
            moment.value = /** @type {'then' | 'now'} */ (
              /** @type {HTMLSelectElement} */ (event.target).value
            );
          }}>
            <option value="then">As it was in the run</option>
            <option value="now">With memory and messages as of now</option>
          </select>
        </div>
        <div class="field">
          <label class="field__label" for="dry-run-times">Times</label>
          <input class="input" id="dry-run-times" type="number" min="1" max="10" value=${times.value} onInput=${(
            /** @type {globalThis.Event} */ event,
          ) => {
            times.value = Number(/** @type {HTMLInputElement} */ (event.target).value) || 1;
          }} />
        </div>
      </div>
      ${saving.problem && html`<p class="alert" role="alert">${sentenceOf(saving.problem.failure)}</p>`}
      <div class="form__buttons"><button class="button button--main" type="submit" disabled=${saving.busy}>Try</button></div>
    </form>
  `;
}
