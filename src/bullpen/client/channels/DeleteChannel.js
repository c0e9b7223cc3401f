import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { plural, sentence, t } from '../core/language.js';
import { Field } from '../ui/Field.js';
import { Icon } from '../ui/Icon.js';

/** @import { Channel } from '../core/types.js' */

/** @param {Channel} channel */
const questionOf = ({ name, memberIds }) =>
  plural(memberIds.length, 'Delete #{name} for its only member?', 'Delete #{name} for all {count} members?', {
    name,
  });

/**
 * Deletes a channel once its name has been typed, after saying what goes with it.
 * @param {{ channel: Channel, busy: boolean, remove: () => void }} props
 */
export function DeleteChannel({ channel, busy, remove }) {
  const asking = useSignal(false);
  const typed = useSignal('');
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const wasAsking = useRef(false);
  const matches = typed.value.trim().normalize() === channel.name.trim().normalize();

  useLayoutEffect(() => {
    if (asking.value) box.current?.querySelector('input')?.focus();
    else if (wasAsking.current) box.current?.querySelector('button')?.focus();
    wasAsking.current = asking.value;
  }, [asking.value]);

  function cancel() {
    typed.value = '';
    asking.value = false;
  }

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    if (event.key !== 'Escape' || !asking.value || event.isComposing) return;
    event.preventDefault();
    cancel();
  }

  /** @param {SubmitEvent} event */
  function submit(event) {
    event.preventDefault();
    if (matches && !busy) remove();
  }

  return html`
    <div class="delete-channel" ref=${box} onKeyDown=${onKeyDown}>
      ${
        asking.value
          ? html`
              <form class="alert delete-channel__form" aria-label=${t('Delete #{channel}', { channel: channel.name })} onSubmit=${submit} novalidate>
                <p id="delete-channel-loss">
                  ${sentence(t('{question} All of its messages and threads, its agents’ runs and its scheduled messages are deleted with it. This can’t be undone.'), { question: html`<strong>${questionOf(channel)}</strong>` })}
                </p>
                <${Field} label=${t('Type “{channel}” to confirm', { channel: channel.name })} name="delete-channel-name" value=${typed.value}
                  spellcheck=${false} autocapitalize="off" onInput=${(/** @type {string} */ value) => {
                    typed.value = value;
                  }} />
                <div class="form__buttons">
                  <button class="button button--small" type="button" onClick=${cancel}>${t('Cancel')}</button>
                  <button class="button button--main button--danger" type="submit" aria-describedby="delete-channel-loss" disabled=${!matches || busy}>${busy ? t('Deleting…') : t('Delete channel')}</button>
                </div>
              </form>
            `
          : html`<button class="button button--small button--quiet" type="button" aria-label=${t('Delete #{channel}', { channel: channel.name })} onClick=${() => {
              asking.value = true;
            }}><${Icon} name="trash" size=${16} />${t('Delete')}</button>`
      }
    </div>
  `;
}
