import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { editing } from '../core/late-components.js';
import { channels } from '../core/store/store.js';
import { dropEdit, keepEdit } from '../messages/edit-outbox.js';
import { remove } from '../messages/message-actions.js';
import { edits } from '../messages/unsaved-edits.js';
import { useCompletion } from './Completion.js';
import { fit } from './Composer.js';
import { ends, toolOf } from './formatting.js';
import { tooLong } from './message-length.js';
import { flush } from './outbox.js';
import { put, selectionOf } from './textarea.js';

/** A message of one's own, changed in its place. @param {{ message: import('../core/types.js').Message | import('../core/types.js').ThreadReply, channelId: string }} props */
export function Editor({ message, channelId }) {
  const area = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const cameFrom = useRef(/** @type {Element | null} */ (null));
  const text = useSignal(edits.peek()[message.id]?.text ?? message.text);
  const channel = channels.value?.[channelId];
  const completion = useCompletion(
    area,
    channel ?? { id: '', name: '', kind: 'public', topic: '', memberIds: [] },
  );
  const problem = tooLong(text.value);

  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    fit(element);
    cameFrom.current = document.activeElement;
    element.focus();
    element.setSelectionRange(element.value.length, element.value.length);
    element.scrollIntoView({ block: 'nearest' });
  }, []);
  useLayoutEffect(() => {
    if (area.current) fit(area.current);
  }, [text.value]);

  /** Who came from the composer goes on writing there. */
  function close() {
    const row = area.current?.closest('[data-message-id]');
    editing.value = null;
    const next =
      cameFrom.current instanceof HTMLTextAreaElement && cameFrom.current.isConnected
        ? cameFrom.current
        : row;
    /** @type {HTMLElement | null | undefined} */ (next)?.focus();
  }

  function cancel() {
    dropEdit(message.id);
    close();
  }

  /** What is saved is kept until the server has it, and shown meanwhile. */
  async function save() {
    await completion.settled();
    const value = text.peek().trim();
    if (tooLong(value) !== '') return;
    if (value === '') {
      cancel();
      remove(message, channelId);
      return;
    }
    keepEdit(message, channelId, value, 'sending');
    close();
    flush();
  }

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    event.stopPropagation();
    if (completion.onKeyDown(event)) return;
    const element = /** @type {HTMLTextAreaElement} */ (event.currentTarget);
    const tool = toolOf(event);
    if (tool) {
      event.preventDefault();
      put(element, tool.use(selectionOf(element)));
    } else if (event.key === 'Escape') {
      event.preventDefault();
      cancel();
    } else if (event.key === 'Enter' && ends(event, element)) {
      event.preventDefault();
      save();
    }
  }

  return html`
    <form
      class="editor"
      onSubmit=${(/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        save();
      }}
    >
      <div class="composer__box">
        ${completion.list}
        <textarea
          class="composer__area"
          rows="1"
          dir="auto"
          aria-label=${t('Edit the message')}
          aria-invalid=${problem !== ''}
          ...${completion.aria}
          value=${text.value}
          onInput=${(/** @type {InputEvent} */ event) => {
            text.value = area.current?.value ?? '';
            keepEdit(message, channelId, text.peek(), 'writing');
            completion.onInput(event);
          }}
          onKeyDown=${onKeyDown}
          onBlur=${completion.close}
          ref=${area}
        ></textarea>
      </div>
      ${problem && html`<p class="composer__problem" role="alert">${problem}</p>`}
      <div class="editor__actions">
        <button class="button button--small" type="button" onClick=${cancel}>${t('Cancel')}</button>
        <button class="button editor__save" type="submit">${t('Save')}</button>
        <span class="editor__hint">${t('esc to cancel · ↵ to save')}</span>
      </div>
    </form>
  `;
}
