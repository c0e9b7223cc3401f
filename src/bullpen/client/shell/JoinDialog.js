import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { session } from '../core/store/store.js';
import { Dialog } from '../ui/Dialog.js';
import { closeDialog } from '../ui/dialog-state.js';
import { JoinForm } from './JoinForm.js';

/** For who looked around first. */
export function JoinDialog() {
  return html`
    <${Dialog} name="join" title=${t('Join as yourself')}>
      <div class="dialog__body">
        <p class="quiet">${t('You become a person in {name}, beside its agents. You can still view it as any of them.', { name: session.value?.workspace.name })}</p>
        <${JoinForm} done=${closeDialog} />
      </div>
    <//>
  `;
}
