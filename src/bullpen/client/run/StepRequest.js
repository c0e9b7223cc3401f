import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { asActor } from '../core/http.js';
import { t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';
import { Collapsible } from '../ui/Collapsible.js';
import { useSave } from '../ui/use-save.js';
import { picturesOf } from './request-pictures.js';
import { getRequest } from './requests.js';

/** What the step sent to the model, to the letter, once somebody asks for it. @param {{ runId: string, stepNumber: number }} props */
export function StepRequest({ runId, stepNumber }) {
  const text = useSignal(/** @type {string | null} */ (null));
  const pictures = useSignal(/** @type {string[]} */ ([]));
  const saving = useSave();

  async function show() {
    if (text.value !== null) {
      text.value = null;
      return;
    }
    const request = await saving.save(() => getRequest(runId, stepNumber));
    if (request === undefined) return;
    pictures.value = picturesOf(request);
    text.value = JSON.stringify(request, null, 2);
  }

  return html`
    <div class="step__request">
      <button class="button button--small button--quiet" type="button" aria-expanded=${text.value !== null} disabled=${saving.busy} onClick=${show}>
        ${text.value === null ? t('View raw request') : t('Hide raw request')}<span class="visually-hidden"> ${t('of step {stepNumber}', { stepNumber })}</span>
      </button>
      ${saving.problem && html`<span class="quiet" role="alert">${sentenceOf(saving.problem.failure)}</span>`}
      ${
        text.value !== null &&
        pictures.value.length > 0 &&
        html`<div class="step__pictures">
          ${pictures.value.map(
            (path, place) =>
              html`<img key=${path} src=${asActor(path)} alt=${t('Picture {number} of the request. Only those who can read its message see it.', { number: place + 1 })} />`,
          )}
        </div>`
      }
      ${text.value !== null && html`<${Collapsible} tag="pre" class="trace-message__json" text=${text.value} />`}
    </div>
  `;
}
