import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';

/** @import { usePages } from './use-loaded.js' */

/** @param {{ pages: ReturnType<typeof usePages>, label: string }} props */
export function More({ pages, label }) {
  if (!pages.hasMore) return null;
  return html`
    <div class="page__more">
      ${pages.moreFailure && html`<span role="alert">${sentenceOf(pages.moreFailure)}</span>`}
      <button class="button button--small" type="button" disabled=${pages.loadingMore} onClick=${pages.more}>
        ${pages.loadingMore ? t('Loading…') : label}
      </button>
    </div>
  `;
}
