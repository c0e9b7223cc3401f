import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { send } from '../core/http.js';
import { locale, t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';
import { upload } from '../core/upload.js';
import { ConfirmButton } from './ConfirmButton.js';
import { useSave } from './use-save.js';

const accepted = 'image/jpeg,image/png,image/webp,image/gif';
const largest = 8_000_000;

/**
 * Chooses a picture, shows how it will look, uploads it, and removes the one there is.
 * @param {{
 *   face: unknown, path: string, what: string, has: boolean, changed: (answer: any) => void
 * }} props face: what is shown while no file is chosen; what: such as "your picture"
 */
export function PictureField({ face, path, what, has, changed }) {
  const chosen = useSignal(/** @type {{ file: File, preview: string } | null} */ (null));
  const problem = useSignal('');
  const share = useSignal(0);
  const said = useSignal('');
  const saving = useSave();
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const choosing = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const sending = useRef(/** @type {AbortController | null} */ (null));
  useEffect(() => () => sending.current?.abort(), []);

  /** @param {globalThis.Event} event */
  async function choose(event) {
    const field = /** @type {HTMLInputElement} */ (event.target);
    const file = field.files?.[0];
    // The same file can be chosen again.
    field.value = '';
    if (!file) return;
    forget();
    if (file.size > largest) {
      problem.value = t('This file has {size} MB. Choose one of at most {most} MB.', {
        size: (file.size / 1_000_000).toLocaleString(locale, {
          minimumFractionDigits: 1,
          maximumFractionDigits: 1,
        }),
        most: largest / 1_000_000,
      });
      return;
    }
    const preview = await dataAddress(file).catch(() => '');
    if (preview) chosen.value = { file, preview };
    else problem.value = t('This file cannot be read. Choose another one.');
  }

  function forget() {
    chosen.value = null;
    problem.value = '';
    said.value = '';
    share.value = 0;
    saving.forget();
  }

  function cancel() {
    sending.current?.abort();
    forget();
    choosing.current?.focus();
  }

  async function save() {
    const file = chosen.peek()?.file;
    if (!file) return;
    const controller = new AbortController();
    sending.current = controller;
    share.value = 0;
    const options = {
      signal: controller.signal,
      progressed: (/** @type {number} */ sent) => {
        share.value = sent;
      },
    };
    const answer = await saving.save(() => upload('PUT', path, file, options));
    if (answer) finished(answer, t('Picture saved.'));
  }

  async function remove() {
    const answer = await saving.save(() => send('DELETE', path));
    if (answer) finished(answer, t('Picture removed.'));
  }

  /** @param {unknown} answer @param {string} words */
  function finished(answer, words) {
    forget();
    changed(answer);
    said.value = words;
    choosing.current?.focus();
  }

  const error = problem.value || (saving.problem && sentenceOf(saving.problem.failure));
  return html`
    <div class="picture-field" role="group" aria-label=${what.charAt(0).toUpperCase() + what.slice(1)}>
      ${
        chosen.value
          ? html`<img class="picture-field__preview" src=${chosen.value.preview} alt=${t('Preview')} width="64" height="64" onError=${() => {
              problem.value = t('This browser cannot show the file. It may be damaged, or no picture.');
            }} />`
          : face
      }
      <div class="picture-field__controls">
        <input class="visually-hidden" type="file" accept=${accepted} tabindex="-1" aria-label=${t('File for {what}', { what })} ref=${input} onChange=${choose} />
        <div class="picture-field__buttons">
          ${chosen.value && html`<button class="button button--small button--main" type="button" aria-disabled=${saving.busy} onClick=${save}>${t('Save picture')}</button>`}
          <button class="button button--small" type="button" aria-disabled=${saving.busy} ref=${choosing} onClick=${() => saving.busy || input.current?.click()}>${chosen.value || has ? t('Choose another') : t('Choose a picture')}</button>
          ${
            chosen.value
              ? html`<button class="button button--small button--quiet" type="button" onClick=${cancel}>${t('Cancel')}</button>`
              : has &&
                html`<${ConfirmButton} icon="trash" label=${t('Remove')} name=${what} question=${t('Remove {what}?', { what })} yes=${t('Remove')} busy=${saving.busy} act=${remove} />`
          }
        </div>
        ${
          chosen.value && saving.busy
            ? html`<progress class="picture-field__progress" max="1" value=${share.value} aria-label=${t('Uploading {what}', { what })}></progress>`
            : html`<p class="field__hint">${t('JPEG, PNG, WebP or GIF, up to 8 MB. The middle is shown as a square.')}</p>`
        }
        ${error && html`<p class="field__error" role="alert">${error}</p>`}
        <span class="visually-hidden" role="status">${said.value}</span>
      </div>
    </div>
  `;
}

/** A `data:` address: the page's policy allows no others for files of this computer. @param {File} file @returns {Promise<string>} */
function dataAddress(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(String(reader.result)));
    reader.addEventListener('error', () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}
