import { html } from '../core/html.js';
import { sentence, t } from '../core/language.js';

/** In place of the composer. */
export function ArchivedNote() {
  return html`<p class="archived-note" role="note">${sentence(t('<strong>This channel is archived.</strong> Its messages can be read and found, but nobody can write here. An administrator can restore it.'), { strong: (/** @type {string} */ words) => html`<strong>${words}</strong>` })}</p>`;
}
