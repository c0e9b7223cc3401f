import { useSignal } from '@preact/signals';
import { channelIdFor } from '../../channels/channel-ids.js';
import { refreshChannels } from '../../channels/requests.js';
import { addressOfAgent } from '../../core/addresses.js';
import { html } from '../../core/html.js';
import { t } from '../../core/language.js';
import { sentenceOf } from '../../core/refusals.js';
import { settle } from '../../ui/after-save.js';
import { Field } from '../../ui/Field.js';
import { useSave } from '../../ui/use-save.js';
import { importAgent } from './requests.js';

/** @import { Imported } from '../../core/types.js' */

/** Makes an agent from a file that was exported, here or by Letta. @param {{ changed: () => void }} props */
export function ImportAgent({ changed }) {
  const file = useSignal(/** @type {File | null} */ (null));
  const name = useSignal('');
  const made = useSignal(/** @type {Imported | null} */ (null));
  const saving = useSave();

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    const chosen = file.peek();
    if (!chosen) return;
    const sent = name.peek();
    const displayName = sent.trim();
    const named = displayName ? { displayName, id: channelIdFor(displayName) } : {};
    made.value = null;
    const answer = await saving.save(async () => {
      const imported = await importAgent(chosen, named);
      await refreshChannels();
      return imported;
    });
    if (!answer) return;
    made.value = answer;
    settle(name, sent, '');
    changed();
  }

  return html`
    <form class="card agent-actions__form" aria-label=${t('Import an agent')} onSubmit=${submit} novalidate>
      <div class="field">
        <label class="field__label" for="field-agent-file">${t('File')}</label>
        <input class="input" id="field-agent-file" type="file" accept=".zip,.af,.json" aria-describedby="agent-file-below" onChange=${(
          /** @type {globalThis.Event} */ event,
        ) => {
          file.value = /** @type {HTMLInputElement} */ (event.target).files?.[0] ?? null;
          saving.forget();
        }} />
        <span class="field__hint" id="agent-file-below">${t('A zip file that Bullpen exported, or a Letta agent file (.af), of at most 10 MB.')}</span>
      </div>
      <${Field} label=${t('Another name (optional)')} name="import-name" value=${name.value} maxlength=${80} hint=${t('Needed if an agent with this name is here already.')} onInput=${(
        /** @type {string} */ value,
      ) => {
        name.value = value;
      }} />
      ${saving.problem && html`<p class="alert" role="alert">${sentenceOf(saving.problem.failure)}</p>`}
      ${
        made.value &&
        html`<div role="status"><p>${t('Imported.')} <a class="plain-link" href=${addressOfAgent(made.value.agentId)}>${t('Open the agent')}</a></p>
          ${made.value.leftOut.length > 0 && html`<ul>${made.value.leftOut.map((words) => html`<li key=${words}>${words}</li>`)}</ul>`}</div>`
      }
      <button class="button button--main" type="submit" disabled=${saving.busy || !file.value}>${saving.busy ? t('Importing…') : t('Import')}</button>
    </form>
  `;
}
