import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { addressOfComparison } from '../app/addresses.js';
import { html } from '../app/html.js';
import { go } from '../app/router.js';
import { Icon } from '../components/Icon.js';
import { Field } from './Field.js';
import { runAgain } from './requests.js';
import { refusal, useSaving } from './saving.js';

/** @import { Trace } from './types.js' */

/** Asks the agent once more for the same reason, and shows both runs beside each other. @param {{ run: Trace }} props */
export function RunAgain({ run }) {
  const asking = useSignal(false);
  const modelId = useSignal('');
  const saving = useSaving();
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
      }}><${Icon} name="rotate-ccw-clock" size=${16} /> Run again</button>
      ${
        asking.value &&
        html`<form class="card again__form" onSubmit=${submit} aria-label="Run again">
          <${Field} label="Model" name="again-model" value=${modelId.value} placeholder="The agent's own"
            hint="For instance scripted, or one that the settings list as ready"
            error=${saving.problem?.fields.modelId}
            onInput=${(/** @type {string} */ value) => {
              modelId.value = value;
            }} />
          ${saving.problem && !saving.problem.fields.modelId && html`<p class="alert" role="alert">${refusal(saving.problem.failure)}</p>`}
          <div class="form__buttons">
            <button class="button button--small" type="button" onClick=${() => {
              asking.value = false;
            }}>Cancel</button>
            <button class="button button--main" type="submit" disabled=${saving.busy}>Run again</button>
          </div>
        </form>`
      }
    </span>
  `;
}
