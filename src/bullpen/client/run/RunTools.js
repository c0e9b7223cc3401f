import { useSignal } from '@preact/signals';
import { addressOfDryRun } from '../core/addresses.js';
import { copyText } from '../core/clipboard.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';
import { ConfirmButton } from '../ui/ConfirmButton.js';
import { Icon } from '../ui/Icon.js';
import { useSave } from '../ui/use-save.js';
import { RunAgain } from './RunAgain.js';
import { addressOfMarkdown, cancelRun } from './requests.js';

/** @import { Trace } from '../core/types.js' */

/** @param {{ run: Trace, changed: () => void }} props */
export function RunTools({ run, changed }) {
  const saving = useSave();
  const said = useSignal('');
  const active = run.status === 'created' || run.status === 'running';

  async function cancel() {
    await saving.save(() => cancelRun(run.id));
    changed();
  }

  async function copy() {
    said.value = (await copyText(jsonOf(run))) ? t('Copied') : t("Couldn't copy");
  }

  return html`
    <div class="run-tools">
      <span class="quiet" role="status">${said.value}${saving.problem && sentenceOf(saving.problem.failure)}</span>
      ${active && html`<${ConfirmButton} icon="ban" label=${t('Cancel')} name=${t('this run')} question=${t('Cancel this run?')} yes=${t('Cancel run')} no=${t('Keep it')} act=${cancel} busy=${saving.busy} />`}
      ${!active && html`<a class="button button--small" href=${addressOfDryRun(run.id)}>${t('Dry run')}</a>`}
      ${!active && html`<${RunAgain} run=${run} />`}
      <button class="icon-button" type="button" aria-label=${t('Copy as JSON')} data-tip=${t('Copy as JSON')} data-tip-side="bottom" onClick=${copy}>
        <${Icon} name=${said.value === 'Copied' ? 'check' : 'copy'} size=${18} />
      </button>
      <button class="icon-button" type="button" aria-label=${t('Download as JSON')} data-tip=${t('Download as JSON')} data-tip-side="bottom" onClick=${() => download(run)}>
        <${Icon} name="download" size=${18} />
      </button>
      <a class="icon-button" href=${addressOfMarkdown(run.id)} download aria-label=${t('Download as Markdown')} data-tip=${t('Download as Markdown')} data-tip-side="bottom">
        <${Icon} name="scroll-text" size=${18} />
      </a>
    </div>
  `;
}

/** @param {Trace} run */
function jsonOf(run) {
  return JSON.stringify(run, null, 2);
}

/** @param {Trace} run */
function download(run) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([jsonOf(run)], { type: 'application/json' }));
  link.download = `run-${run.id}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
}
