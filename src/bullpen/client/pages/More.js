import { html } from '../app/html.js';
import { refusal } from './saving.js';

/** @import { usePages } from './loaded.js' */

/** @param {{ pages: ReturnType<typeof usePages>, label: string }} props */
export function More({ pages, label }) {
  if (!pages.hasMore) return null;
  return html`
    <div class="page__more">
      ${pages.moreFailure && html`<span role="alert">${refusal(pages.moreFailure)}</span>`}
      <button class="button button--small" type="button" disabled=${pages.loadingMore} onClick=${pages.more}>
        ${pages.loadingMore ? 'Loading…' : label}
      </button>
    </div>
  `;
}
