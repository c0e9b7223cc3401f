import { html } from '../app/html.js';
import { Icon } from './Icon.js';

/** Where messages will be written; for now it only says so. @param {{ place: string }} props */
export function Composer({ place }) {
  return html`
    <div class="composer">
      <p class="composer__box">
        <${Icon} name="pencil-off" size=${18} />
        <span class="composer__text">
          <span class="composer__main">Read only for now</span>
          <span class="composer__more">Writing ${place} comes with the next release.</span>
        </span>
      </p>
    </div>
  `;
}
