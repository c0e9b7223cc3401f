import { html } from '../core/html.js';
import { session } from '../core/store/store.js';
import { Dialog } from '../ui/Dialog.js';
import { closeDialog } from '../ui/dialog-state.js';
import { JoinForm } from './JoinForm.js';

/** For who looked around first. */
export function JoinDialog() {
  return html`
    <${Dialog} name="join" title="Join as yourself">
      <div class="dialog__body">
        <p class="quiet">You become a person in ${session.value?.workspace.name}, beside its agents. You can still view it as any of them.</p>
        <${JoinForm} done=${closeDialog} />
      </div>
    <//>
  `;
}
