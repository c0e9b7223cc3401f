import { useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { asActor } from '../core/http.js';
import { t } from '../core/language.js';
import { sizeOf } from '../core/sizes.js';
import { Icon } from '../ui/Icon.js';
import { filesOfDraft } from './drafts.js';
import { cancelUpload, removeFile, retryUpload, uploadsIn } from './uploads.js';

/** @import { Place } from '../core/types.js' */

/** The files of a draft, and those on their way. @param {{ place: Place, onRemoved: () => void }} props */
export function AttachmentBar({ place, onRemoved }) {
  const files = filesOfDraft(place);
  const uploads = uploadsIn(place);
  if (files.length + uploads.length === 0) return null;

  /** @param {() => void} act */
  const removing = (act) => () => {
    act();
    onRemoved();
  };
  return html`
    <ul class="attachments-bar" aria-label=${t('Attached files')}>
      ${files.map(
        (file) => html`
          <li class="attachments-bar__file" key=${file.id}>
            ${
              file.thumbnail
                ? html`<img class="attachments-bar__picture" src=${asActor(file.thumbnail)} alt="" />`
                : html`<${Icon} name="file" size=${20} />`
            }
            <span class="attachments-bar__name" dir="auto">${file.name}</span>
            <span class="attachments-bar__note">${sizeOf(file.size)}</span>
            <button class="attachments-bar__act" type="button" aria-label=${t('Remove {name}', { name: file.name })} onClick=${removing(() => removeFile(place, file))}>
              <${Icon} name="x" size=${16} />
            </button>
          </li>
        `,
      )}
      ${uploads.map(
        (one) => html`
          <li class=${`attachments-bar__file${one.problem ? ' attachments-bar__file--failed' : ''}`} key=${one.id}>
            <${Icon} name=${one.problem ? 'circle-alert' : 'file'} size=${20} />
            <span class="attachments-bar__name" dir="auto">${one.file.name}</span>
            ${
              one.problem
                ? html`
                    <span class="attachments-bar__note" role="alert">${t('Couldn’t upload. {problem}.', { problem: one.problem })}</span>
                    <button class="attachments-bar__act" type="button" aria-label=${t('Try again to upload {name}', { name: one.file.name })} onClick=${() => retryUpload(one)}>
                      <${Icon} name="rotate-cw" size=${16} />
                    </button>
                  `
                : html`<progress class="attachments-bar__progress" max="1" value=${one.share} aria-label=${t('Uploading {name}', { name: one.file.name })}></progress>`
            }
            <button class="attachments-bar__act" type="button" aria-label=${t('Cancel {name}', { name: one.file.name })} onClick=${removing(() => cancelUpload(one))}>
              <${Icon} name="x" size=${16} />
            </button>
          </li>
        `,
      )}
    </ul>
  `;
}

/** Opens the browser's choice of files. @param {{ onFiles: (files: File[]) => void }} props */
export function AttachButton({ onFiles }) {
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));

  /** @param {globalThis.Event} event */
  function choose(event) {
    const field = /** @type {HTMLInputElement} */ (event.target);
    const files = [...(field.files ?? [])];
    // The same file can be chosen again.
    field.value = '';
    onFiles(files);
  }

  return html`
    <input class="attachments-bar__input" type="file" multiple hidden aria-label=${t('Files')} onChange=${choose} ref=${input} />
    <button class="composer__tool" type="button" aria-label=${t('Attach files')} data-tip=${t('Attach files')} onClick=${() => input.current?.click()}>
      <${Icon} name="paperclip" size=${18} />
    </button>
  `;
}
