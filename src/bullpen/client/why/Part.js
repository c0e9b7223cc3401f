import { html } from '../core/html.js';

/** A titled part of the panel. @param {{ title: string, count?: number, children: unknown }} props */
export function Part({ title, count, children }) {
  return html`
    <section class="why__part" aria-label=${title}>
      <h3 class="why__title">${title}${count !== undefined && html`<span class="why__count"><span class="visually-hidden">: </span>${count}</span>`}</h3>
      ${children}
    </section>
  `;
}
