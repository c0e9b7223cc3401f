import { useSignal } from '@preact/signals';
import { html } from '../../core/html.js';
import { t } from '../../core/language.js';
import { sentenceOf } from '../../core/refusals.js';
import { Field } from '../../ui/Field.js';
import { useSave } from '../../ui/use-save.js';
import { previewAgent } from './requests.js';

/** @import { AgentPreview } from '../../core/types.js' */
/** @import { NewAgent } from './requests.js' */

/**
 * What the agent would answer, before it joins: nothing is posted or stored.
 * @param {{ given: () => NewAgent, ready: boolean }} props
 */
export function Preview({ given, ready }) {
  const text = useSignal('');
  const shown = useSignal(/** @type {AgentPreview | null} */ (null));
  const asking = useSave();

  async function ask() {
    shown.value = null;
    const { systemPrompt, modelId, displayName, title } = given();
    const answer = await asking.save(() =>
      previewAgent({
        systemPrompt,
        modelId,
        title,
        displayName: displayName || t('New agent'),
        text: text.value.trim(),
      }),
    );
    if (answer) shown.value = answer;
  }

  return html`
    <section class="preview" aria-labelledby="preview-title">
      <h3 class="field__label" id="preview-title">${t('Preview')}</h3>
      <div class="preview__ask">
        <${Field} label=${t('Try a message')} name="preview-text" hideLabel value=${text.value} placeholder=${t('Ask it something')} maxlength=${4000} onInput=${(
          /** @type {string} */ value,
        ) => {
          text.value = value;
        }} onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
          if (event.key !== 'Enter' || event.isComposing) return;
          event.preventDefault();
          if (ready && text.value.trim() && !asking.busy) ask();
        }} />
        <button class="button button--small" type="button" disabled=${!ready || asking.busy || text.value.trim() === ''} onClick=${ask}>${asking.busy ? t('Asking…') : t('Preview answer')}</button>
      </div>
      ${asking.problem && html`<p class="alert" role="alert">${sentenceOf(asking.problem.failure)}</p>`}
      <div aria-live="polite">${shown.value && outcome(shown.value)}</div>
    </section>
  `;
}

/** @param {AgentPreview} preview */
function outcome({ messages, calls, problem, modelId, costUsd }) {
  return html`
    ${messages.map((message, at) => html`<p key=${at} class="preview__message" dir="auto">${message}</p>`)}
    ${messages.length === 0 && !problem && html`<p class="quiet">${t('It would not answer this.')}</p>`}
    ${calls.length > 0 && html`<p class="quiet">${t('It would also call: {list}.', { list: calls.join(', ') })}</p>`}
    ${problem && html`<p class="alert" role="alert">${problem}</p>`}
    <p class="quiet">${costUsd ? t('Answered by {model} for {cost}. Nothing was posted.', { model: modelId, cost: `$${costUsd.toFixed(4)}` }) : t('Answered by {model}. Nothing was posted.', { model: modelId })}</p>
  `;
}
