import { lengthOf, longestMessage } from '../composer/message-length.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';
import { state } from '../core/store/store.js';
import { distanceLabel } from '../core/time-format.js';
import { isVisible } from '../core/visible.js';
import { fromLocalInputIn, localInputIn } from '../core/zoned-times.js';
import { Dialog } from '../ui/Dialog.js';
import { closeDialog } from '../ui/dialog-state.js';
import { Field, submitOnCtrlEnter } from '../ui/Field.js';
import { discardTyped, useDraftedSignal } from '../ui/form-drafts.js';
import { useTimeZone } from '../ui/TimeChoices.js';
import { useSave } from '../ui/use-save.js';
import { changePost } from './requests.js';

/** @import { ScheduledPost } from '../core/types.js' */

/** Changes what is sent later, and when. @param {{ about: string }} props id of the message */
export function EditScheduledDialog({ about: id }) {
  const post = state.value.scheduled?.[id];
  const zone = useTimeZone();
  return html`
    <${Dialog} name="scheduled-post" title=${t('Edit scheduled message')}>
      <div class="dialog__body">
        ${post ? zone && html`<${Form} post=${post} zone=${zone} />` : html`<p role="status">${t('It was sent or canceled meanwhile.')}</p>`}
      </div>
    <//>
  `;
}

/** @param {{ post: ScheduledPost, zone: string }} props */
function Form({ post, zone }) {
  const at = localInputIn(new Date(post.sendAt), zone);
  const text = useDraftedSignal(`scheduled-text:${post.id}`, post.text);
  const time = useDraftedSignal(`scheduled-time:${post.id}`, at);
  const saving = useSave();
  const now = new Date();
  const moment = fromLocalInputIn(time.value, zone);
  const wrong =
    moment === null
      ? t('Choose a date and time.')
      : moment <= now && t('Choose a time that is still to come.');
  const empty = !isVisible(text.value) && !post.files;

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    if (wrong || !moment || empty || lengthOf(text.value) > longestMessage) return;
    const sent = { text: text.value, time: time.value };
    const saved = await saving.save(() =>
      changePost(post.id, { text: sent.text, sendAt: moment.toISOString() }),
    );
    if (!saved || text.peek() !== sent.text || time.peek() !== sent.time) return;
    discardTyped(text, saved.text);
    discardTyped(time, localInputIn(new Date(saved.sendAt), zone));
    closeDialog();
  }

  return html`
    <form onSubmit=${submit} onKeyDown=${submitOnCtrlEnter}>
      <${Field} label=${t('Message')} name="scheduled-text" tag="textarea" rows="6" limit=${longestMessage} value=${text.value}
        error=${empty ? t('Enter some text that can be seen.') : saving.problem?.fields.text}
        onInput=${(/** @type {string} */ value) => {
          text.value = value;
        }} />
      <${Field} label=${t('Send at')} name="scheduled-time" type="datetime-local" value=${time.value} error=${wrong || undefined}
        hint=${[moment && distanceLabel(moment, now), t('Time zone: {zone}', { zone })].filter(Boolean).join(' · ')}
        onInput=${(/** @type {string} */ value) => {
          time.value = value;
        }} />
      ${saving.problem && html`<p class="alert" role="alert">${t('Couldn’t save. {reason}', { reason: sentenceOf(saving.problem.failure) })}</p>`}
      <div class="form__buttons">
        <button class="button button--main" type="submit" disabled=${saving.busy || Boolean(wrong) || empty}>${t('Save')}</button>
      </div>
    </form>
  `;
}
