import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { ModelFallbackNote } from '../agent/ModelFallbackNote.js';
import { addressOfComparison } from '../core/addresses.js';
import { html } from '../core/html.js';
import { isDirect } from '../core/kinds.js';
import { t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';
import { go } from '../core/router.js';
import { channels, titleBeside, titleOf, userOf } from '../core/store/store.js';
import { Field } from '../ui/Field.js';
import { Icon } from '../ui/Icon.js';
import { useSave } from '../ui/use-save.js';
import { runAgain } from './requests.js';

/** @import { Trace } from '../core/types.js' */

/** Asks the agent once more for the same reason, and shows both runs beside each other. @param {{ run: Trace }} props */
export function RunAgain({ run }) {
  const asking = useSignal(false);
  const modelId = useSignal('');
  const saving = useSave();
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const wasAsking = useRef(false);

  useLayoutEffect(() => {
    if (asking.value) box.current?.querySelector('input')?.focus();
    else if (wasAsking.current) box.current?.querySelector('button')?.focus();
    wasAsking.current = asking.value;
  }, [asking.value]);

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    const made = await saving.save(() => runAgain(run.id, modelId.value.trim()));
    if (made) go(addressOfComparison(made.id, run.id));
  }

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    if (event.key !== 'Escape' || !asking.value) return;
    event.preventDefault();
    asking.value = false;
  }

  return html`
    <span class="again" ref=${box} onKeyDown=${onKeyDown}>
      <button class="button button--small" type="button" aria-expanded=${asking.value} onClick=${() => {
        asking.value = !asking.value;
      }}><${Icon} name="rotate-ccw-clock" size=${16} /> ${t('Run again')}</button>
      ${
        asking.value &&
        html`<form class="card again__form" onSubmit=${submit} aria-label=${t('Run again')}>
          <p class="again__warning" id="again-warning"><${Icon} name="circle-alert" size=${16} /> <span>${warningOf(run)}</span></p>
          <${Field} label=${t('Model')} name="again-model" value=${modelId.value} placeholder=${t("Agent's model")}
            hint=${t('e.g. scripted, or any ready model in Settings')}
            error=${saving.problem?.fields.modelId}
            onInput=${(/** @type {string} */ value) => {
              modelId.value = value;
              saving.forget();
            }} />
          ${!saving.problem?.fields.modelId && html`<${ModelFallbackNote} modelId=${modelId.value} strict />`}
          ${saving.problem && !saving.problem.fields.modelId && html`<p class="alert" role="alert">${sentenceOf(saving.problem.failure)}</p>`}
          <div class="form__buttons">
            <button class="button button--small" type="button" onClick=${() => {
              asking.value = false;
            }}>${t('Cancel')}</button>
            <button class="button button--main" type="submit" aria-describedby="again-warning" disabled=${saving.busy}>${t('Run again')}</button>
          </div>
        </form>`
      }
    </span>
  `;
}

/** A run again is no rehearsal: what it says is posted. @param {Trace} run */
function warningOf(run) {
  const agent = userOf(run.agentId).displayName;
  const channel = run.channelId ? channels.value?.[run.channelId] : undefined;
  if (!channel)
    return t('{agent} runs this again for real: others see what it posts and changes.', { agent });
  if (isDirect(channel))
    return t(
      '{agent} posts the new answer to the direct messages with {names}, where its members see it and other agents may reply.',
      { agent, names: titleBeside(channel, run.agentId) },
    );
  const place = titleOf(channel);
  return t('{agent} posts the new answer to {place}, where its members see it and other agents may reply.', {
    agent,
    place,
  });
}
