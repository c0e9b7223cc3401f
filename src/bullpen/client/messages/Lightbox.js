import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { html } from '../core/html.js';
import { asActor } from '../core/http.js';
import { t } from '../core/language.js';
import { state } from '../core/store/store.js';
import { Dialog } from '../ui/Dialog.js';
import { Icon } from '../ui/Icon.js';
import { pending } from './pending.js';

/** @import { SentFile } from '../core/types.js' */

/** The pictures of a message, one at a time; arrow keys lead to the others. @param {{ about: string }} props the message and the file */
export function Lightbox({ about }) {
  const [messageId = '', fileId = ''] = about.split(' ');
  const pictures = filesOf(messageId).filter((file) => file.thumbnail);
  const at = useSignal(
    Math.max(
      0,
      pictures.findIndex((file) => file.id === fileId),
    ),
  );
  /** @param {number} step */
  function move(step) {
    at.value = (at.value + step + pictures.length) % pictures.length;
  }

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0 || pictures.length < 2) return;
    event.preventDefault();
    move(step);
  }

  // The focus may be anywhere in the dialog.
  useEffect(() => {
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [pictures.length]);

  const file = pictures[Math.min(at.value, pictures.length - 1)];
  if (!file)
    return html`<${Dialog} name="lightbox" title=${t('Picture')}><p>${t('This picture was deleted.')}</p><//>`;
  const address = asActor(`/api/files/${file.id}`);

  return html`
    <${Dialog} name="lightbox" title=${file.name}>
      <div class="lightbox">
        <img class="lightbox__picture" key=${file.id} width=${file.width} height=${file.height} alt=${file.name} src=${address} />
        <div class="lightbox__foot">
          ${
            pictures.length > 1 &&
            html`
              <button class="icon-button" type="button" aria-label=${t('Previous picture')} onClick=${() => move(-1)}><span class="lightbox__back"><${Icon} name="chevron-right" size=${20} /></span></button>
              <span class="lightbox__count" aria-live="polite">${t('{number} of {count}', { number: at.value + 1, count: pictures.length })}</span>
              <button class="icon-button" type="button" aria-label=${t('Next picture')} onClick=${() => move(1)}><${Icon} name="chevron-right" size=${20} /></button>
            `
          }
          <a class="button button--small" href=${address} download=${file.name}><${Icon} name="download" size=${16} />${t('Download')}</a>
        </div>
      </div>
    <//>
  `;
}

/** Of a message wherever it is shown. @param {string} messageId @returns {SentFile[]} */
function filesOf(messageId) {
  const { messages, threads } = state.value;
  const shown = [
    ...Object.values(messages).flatMap((page) => page?.items ?? []),
    ...Object.values(threads).flatMap((thread) => [...(thread?.replies?.items ?? [])]),
  ];
  const found = shown.find((one) => one.id === messageId);
  return found?.files ?? pending.value.find((one) => one.id === messageId)?.files ?? [];
}
