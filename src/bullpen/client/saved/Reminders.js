import { useComputed } from '@preact/signals';
import { addressOf } from '../core/addresses.js';
import { getMessage } from '../core/api.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { channels, session, state, titleOf, userOf } from '../core/store/store.js';
import { plainText } from '../messages/plain-text.js';
import { Icon } from '../ui/Icon.js';
import { useLoaded } from '../ui/use-loaded.js';
import { dismiss, dismissed, nameOf } from './dismissed.js';
import { markDone } from './saving.js';

/** @import { SavedMark } from '../core/types.js' */

const mostShown = 3;

/** The reminders that are due, above everything else in every window, until they are dismissed or done. */
export function Reminders() {
  const due = useComputed(() => {
    const me = session.value?.userId ?? '';
    return Object.values(state.value.saved)
      .filter((mark) => mark.isDue && !dismissed.value.has(nameOf(me, mark)))
      .toSorted((a, b) => (b.remindAt ?? '').localeCompare(a.remindAt ?? ''));
  }).value;
  if (due.length === 0) return null;
  return html`
    <section class="reminders" aria-label=${t('Reminders')}>
      ${due.slice(0, mostShown).map((mark) => html`<${Reminder} key=${mark.messageId} mark=${mark} />`)}
      ${due.length > mostShown && html`<a class="reminders__more" href="/saved">${t('{count} more', { count: due.length - mostShown })}</a>`}
    </section>
  `;
}

/** @param {{ mark: SavedMark }} props */
function Reminder({ mark }) {
  const { messageId } = mark;
  const message = useLoaded(`reminder:${messageId}`, () => getMessage(messageId)).data;
  const channel =
    message &&
    (channels.value?.[message.channelId] ?? {
      id: message.channelId,
      kind: 'public',
      name: message.channelId,
      memberIds: [],
    });
  const forget = () => dismiss(session.peek()?.userId ?? '', mark);
  return html`
    <div class="reminder">
      <span class="reminder__sign"><${Icon} name="alarm-clock" size=${18} /></span>
      <div class="reminder__body">
        <p role="alert">
          <strong>${t('Reminder')}</strong>
          ${message && channel && html`<span class="reminder__text" dir="auto">${t('{name} in {channel}: {text}', { name: userOf(message.userId).displayName, channel: titleOf(/** @type {any} */ (channel)), text: plainText(message.text) })}</span>`}
        </p>
        <p class="reminder__actions">
          <a class="plain-link" href=${message && channel ? addressOf(channel, message.parentMessageId ?? null, messageId) : '/saved'} onClick=${forget}>${t('Show')}</a>
          <button class="plain-link" type="button" onClick=${() => markDone(messageId, true)}>${t('Done')}</button>
          <button class="plain-link" type="button" data-dialog="remind" data-about=${messageId}>${t('Remind me later')}</button>
        </p>
      </div>
      <button class="icon-button" type="button" aria-label=${t('Dismiss the reminder')} data-tip=${t('Dismiss')} onClick=${forget}><${Icon} name="x" size=${16} /></button>
    </div>
  `;
}
