import { h } from 'preact';
import { html } from '../core/html.js';
import { lucide } from '../vendor/lucide.js';

/** @param {{ name: string, size?: number, strokeWidth?: number }} props decorative: what it stands for is said beside it */
export function Icon({ name, size = 18, strokeWidth = 2 }) {
  return html`
    <svg
      class="icon"
      width=${size}
      height=${size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width=${strokeWidth}
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      ${(lucide[name] ?? []).map(([tag, attributes]) => h(tag, attributes))}
    </svg>
  `;
}
