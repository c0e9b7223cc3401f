import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { ApiError, asActor, request } from '../core/http.js';
import { t } from '../core/language.js';
import { sizeOf } from '../core/sizes.js';
import { Icon } from '../ui/Icon.js';
import { CodeBlock } from './CodeBlock.js';
import { languageOf, wholeCharacters } from './code-files.js';

/** @import { SentFile } from '../core/types.js' */

// The room that a picture gets is known before it is here, so nothing moves when it comes.
const widest = 360;
const highest = 300;
const reachable = { tabindex: -1, 'data-roving': true };
const readable = /^(text\/|application\/json$|image\/svg\+xml$)/;
// Of a long text.
const previewed = 16_000;

/** @param {SentFile} file */
const addressOf = (file) => asActor(`/api/files/${file.id}`);

/** The files of a message. @param {{ files: SentFile[], messageId: string }} props */
export function Attachments({ files, messageId }) {
  const pictures = files.filter((file) => file.thumbnail);
  const others = files.filter((file) => !file.thumbnail);
  return html`
    <div class="attachments" role="group" aria-label=${t('Files')}>
      ${pictures.length > 0 && html`<div class="attachments__pictures">${pictures.map((file) => html`<${Picture} key=${file.id} file=${file} messageId=${messageId} />`)}</div>`}
      ${others.map((file) => html`<${Other} key=${file.id} file=${file} />`)}
    </div>
  `;
}

/** @param {{ file: SentFile, messageId: string }} props */
function Picture({ file, messageId }) {
  const { width = 1, height = 1, name, thumbnail = '' } = file;
  const scale = Math.min(1, widest / width, highest / height);
  const size = {
    width: Math.max(24, Math.round(width * scale)),
    height: Math.max(24, Math.round(height * scale)),
  };
  return html`
    <button class="attachments__picture" type="button" aria-label=${t('Picture {name}', { name })} data-dialog="lightbox" data-about=${`${messageId} ${file.id}`} ...${reachable}>
      <img ...${size} loading="lazy" decoding="async" alt="" src=${asActor(thumbnail)} />
    </button>
  `;
}

/** @param {{ file: SentFile }} props */
function Other({ file }) {
  const { mediaType, name } = file;
  if (mediaType.startsWith('audio/'))
    return html`<figure class="attachments__player">
      <audio controls preload="none" aria-label=${name} src=${addressOf(file)}></audio>
      <figcaption><${Card} file=${file} /></figcaption>
    </figure>`;
  if (mediaType.startsWith('video/'))
    return html`<figure class="attachments__player">
      <video controls preload="metadata" playsinline aria-label=${name} src=${addressOf(file)}></video>
      <figcaption><${Card} file=${file} /></figcaption>
    </figure>`;
  if (readable.test(mediaType)) return html`<${Readable} file=${file} />`;
  return html`<${Card} file=${file} />`;
}

/** @param {{ file: SentFile }} props */
function Card({ file }) {
  return html`
    <a class="attachments__card" href=${addressOf(file)} download=${file.name} aria-label=${t('Download {name}, {size}', { name: file.name, size: sizeOf(file.size) })} ...${reachable}>
      <${Icon} name="file" size=${20} />
      <span class="attachments__name" dir="auto">${file.name}</span>
      <span class="attachments__size">${sizeOf(file.size)}</span>
      <${Icon} name="download" size=${16} />
    </a>
  `;
}

/** Its beginning, as the text that it is, once somebody wants to see it. @param {{ file: SentFile }} props */
function Readable({ file }) {
  const text = useSignal(/** @type {string | null} */ (null));
  const open = useSignal(false);
  const isCut = file.size > previewed;
  const language = languageOf(file.name);

  async function toggle() {
    open.value = !open.value;
    if (text.value !== null) return;
    try {
      const range = { Range: `bytes=0-${previewed - 1}` };
      const response = await request(`/api/files/${file.id}`, { headers: range });
      text.value = wholeCharacters(await response.text(), isCut);
    } catch (failure) {
      if (failure instanceof ApiError && failure.status === 404)
        text.value = t('This file cannot be read any more.');
      else open.value = false;
    }
  }

  const id = `preview-${file.id}`;
  return html`
    <div class="attachments__readable">
      <${Card} file=${file} />
      <button class="attachments__fold" type="button" aria-expanded=${open.value} aria-controls=${id} aria-label=${t('Preview {name}', { name: file.name })} onClick=${toggle} ...${reachable}>${open.value ? t('Hide') : t('Preview')}</button>
      <div class="attachments__preview" id=${id} dir=${language ? 'ltr' : 'auto'} tabindex="0" role="group" aria-label=${file.name} hidden=${!open.value || text.value === null}>
        ${language ? html`<${CodeBlock} text=${text.value ?? ''} language=${language}>${text.value}<//>` : html`<pre dir="auto">${text.value}</pre>`}
      </div>
      ${
        open.value &&
        isCut &&
        html`<p class="attachments__rest">${t('This is the first {part} of {size}. Download the file to see the rest.', { part: sizeOf(previewed), size: sizeOf(file.size) })}</p>`
      }
    </div>
  `;
}
