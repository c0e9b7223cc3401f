// Grey shapes in the places of what is being loaded. They appear only when that takes longer than a blink.

import { html } from '../core/html.js';
import { t } from '../core/language.js';

const widths = [62, 88, 46, 74, 35, 81, 55, 68];

/** @param {{ rows?: number, label?: string }} props */
export function MessagesSkeleton({ rows = 8, label = t('Loading messages') }) {
  return html`
    <div class="skeletons">
      <span class="visually-hidden">${label}</span>
      ${widths.slice(0, rows).map(
        (width, at) => html`
          <div key=${at} class="skeleton-message">
            <span class="skeleton skeleton-message__face"></span>
            <span class="skeleton-message__lines">
              <span class="skeleton" style=${{ width: `${90 + (width % 5) * 16}px` }}></span>
              <span class="skeleton" style=${{ width: `${width}%` }}></span>
            </span>
          </div>
        `,
      )}
    </div>
  `;
}

/** @param {{ label?: string }} props */
export function PageSkeleton({ label = t('Loading the page') }) {
  return html`
    <div class="skeletons skeleton-page" aria-busy="true">
      <span class="visually-hidden">${label}</span>
      ${widths.map((width, at) => html`<span key=${at} class="skeleton" style=${{ width: `${width}%` }}></span>`)}
    </div>
  `;
}

export function RailSkeleton() {
  return html`<div class="skeletons rail__members">
    ${widths.map((_, at) => html`<span key=${at} class="skeleton skeleton-face"></span>`)}
  </div>`;
}

export function SidebarSkeleton() {
  return html`<div class="skeletons skeleton-rows">
    ${widths.map((width, at) => html`<span key=${at} class="skeleton" style=${{ width: `${width}%` }}></span>`)}
  </div>`;
}
