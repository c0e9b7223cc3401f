import { useSignal } from '@preact/signals';
import { getAgent } from '../agent/requests.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';
import { Field, submitOnCtrlEnter } from '../ui/Field.js';
import { useDraftedSignal } from '../ui/form-drafts.js';
import { say } from '../ui/prompts.js';
import { useSave } from '../ui/use-save.js';
import { givenTo, linesOf, variantsOf } from './dry-runs.js';
import { askQuestions, getGivenPrompt, tryRun } from './requests.js';

/** @import { Trace } from '../core/types.js' */

/** @param {{ run: Trace, made: () => void }} props */
export function DryRunForm({ run, made }) {
  const models = useDraftedSignal(`dry-run-models:${run.id}`, '');
  const persona = useDraftedSignal(`dry-run-persona:${run.id}`, '');
  const prompt = useDraftedSignal(`dry-run-prompt:${run.id}`, '');
  const questions = useDraftedSignal(`dry-run-questions:${run.id}`, '');
  const what = useSignal(/** @type {'then' | 'now' | 'questions'} */ ('then'));
  const asks = what.value === 'questions';
  const times = useSignal(1);
  const saving = useSave();

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    const moment = what.value;
    const variants = variantsOf(models.value, persona.value, moment === 'questions' ? '' : prompt.value);
    const done = await saving.save(() =>
      moment === 'questions'
        ? askQuestions(run.agentId, {
            questions: linesOf(questions.value),
            variants,
            times: times.value,
            channelId: run.channelId,
          })
        : tryRun(run.id, { variants, times: times.value, moment }),
    );
    if (done) made();
  }

  async function editPersona() {
    const [given, agent] = await Promise.all([
      getGivenPrompt(run.id).catch(() => null),
      getAgent(run.agentId).catch(() => null),
    ]);
    // A prompt that Bullpen has not built has no section for the persona.
    const text = given?.sections.find(({ name }) => name === 'persona')?.text ?? agent?.systemPrompt;
    if (text) persona.value = text;
    else say(t('The persona of this run is not known.'));
  }

  function editPrompt() {
    const text = givenTo(run, 'user_message');
    if (text) prompt.value = text;
    else say(t('This run has kept no prompt.'));
  }

  return html`
    <form class="dry-run__form card" aria-label=${t('Dry run')} onSubmit=${submit} onKeyDown=${submitOnCtrlEnter} novalidate>
      <p class="quiet">${t('Tries the run again without effect. Tools that write are recorded and not carried out, and nothing is posted. It also works while agents are paused.')}</p>
      <div class="dry-run__fields">
        <div class="field">
          <label class="field__label" for="dry-run-what">${t('What to ask')}</label>
          <select class="input" id="dry-run-what" value=${what.value} onChange=${(
            /** @type {globalThis.Event} */ event,
          ) => {
            what.value = /** @type {'then' | 'now' | 'questions'} */ (
              /** @type {HTMLSelectElement} */ (event.target).value
            );
          }}>
            <option value="then">${t('The run’s prompt as it was')}</option>
            <option value="now">${t('The run’s prompt with memory and messages as of now')}</option>
            <option value="questions">${t('Fixed questions')}</option>
          </select>
        </div>
        <div class="field">
          <label class="field__label" for="dry-run-times">${t('Times')}</label>
          <input class="input" id="dry-run-times" type="number" min="1" max="10" value=${times.value} onInput=${(
            /** @type {globalThis.Event} */ event,
          ) => {
            times.value = Number(/** @type {HTMLInputElement} */ (event.target).value) || 1;
          }} />
        </div>
      </div>
      <div class="dry-run__fields">
        ${
          asks
            ? html`<${Field} key="questions" label=${t('Questions')} name="questions" tag="textarea" rows="4" value=${questions.value} hint=${t('One on each line. The agent sees the channel as it is now, and keeps nothing')}
                onInput=${(/** @type {string} */ value) => {
                  questions.value = value;
                }} />`
            : html`<${Field} key="prompt" label=${t('Another prompt')} name="prompt" tag="textarea" rows="4" value=${prompt.value} placeholder=${t('As it is')} hint=${t('What follows the instructions. Tried beside the prompt as it is')}
                onInput=${(/** @type {string} */ value) => {
                  prompt.value = value;
                }} action=${html`<button class="button button--small dry-run__start" type="button" onClick=${editPrompt}>${t('Edit the run’s prompt')}</button>`} />`
        }
        <${Field} label=${t('Another persona')} name="persona" tag="textarea" rows="4" value=${persona.value} placeholder=${t('As it is')} hint=${t('Tried beside the persona as it is')}
          onInput=${(/** @type {string} */ value) => {
            persona.value = value;
          }} action=${html`<button class="button button--small dry-run__start" type="button" onClick=${editPersona}>${t('Edit the run’s persona')}</button>`} />
        <${Field} label=${t('Models')} name="models" tag="textarea" rows="4" value=${models.value} placeholder=${t('Agent’s model')} hint=${t('One on each line, tried beside each other')}
          onInput=${(/** @type {string} */ value) => {
            models.value = value;
          }} />
      </div>
      ${saving.problem && html`<p class="alert" role="alert">${sentenceOf(saving.problem.failure)}</p>`}
      <div class="form__buttons"><button class="button button--main" type="submit" disabled=${saving.busy}>${t('Try')}</button></div>
    </form>
  `;
}
