import { useRef } from 'preact/hooks';
import { readCommand } from '../composer/commands.js';
import { clearDraft, draftOf, filesOfDraft, isAlsoInChannel } from '../composer/drafts.js';
import { newId } from '../composer/outbox.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';
import { inlineMomentLabel } from '../core/time-format.js';
import { Dialog } from '../ui/Dialog.js';
import { closeDialog } from '../ui/dialog-state.js';
import { say } from '../ui/prompts.js';
import { TimeChoices } from '../ui/TimeChoices.js';
import { useSave } from '../ui/use-save.js';
import { placeIn } from './places.js';
import { schedulePost } from './requests.js';

/** When to send what is written in a composer. @param {{ about: string }} props its place */
export function SendLaterDialog({ about }) {
  const place = placeIn(about);
  const saving = useSave();
  // Sent again where no answer came, it is there once.
  const id = useRef(newId());

  /** @param {Date} at */
  async function choose(at) {
    const text = draftOf(place);
    const files = filesOfDraft(place);
    const read = readCommand(text.trim());
    const posted = read.kind === 'text' ? read.text : text.trim();
    const written = { text: posted, files, alsoInChannel: isAlsoInChannel(place) };
    const post = await saving.save(() => schedulePost(id.current, place, written, at));
    if (!post) return;
    // What another window has written there meanwhile stays.
    if (draftOf(place) === text) clearDraft(place);
    closeDialog();
    say(t('Will be sent {time}', { time: inlineMomentLabel(at, new Date()) }));
  }

  return html`
    <${Dialog} name="send-later" title=${t('Send later')}>
      <div class="dialog__body">
        <${TimeChoices} action=${t('Schedule', {}, 'verb')} busy=${saving.busy} choose=${choose} />
        ${saving.problem && html`<p class="alert" role="alert">${t('Couldn’t schedule the message. {reason}', { reason: sentenceOf(saving.problem.failure) })}</p>`}
      </div>
    <//>
  `;
}
