import { html } from '../core/html.js';
import { parts } from '../core/late-components.js';

/** @import { Channel } from '../core/types.js' */

/** Where messages are written; its outline until that is loaded. @param {{ channel: Channel, rootId?: string | null }} props */
export function Composer({ channel, rootId = null }) {
  if (!parts.value) {
    return html`<div class="composer" aria-busy="true"><div class="composer__line"></div><div class="composer__box"></div>${rootId && html`<div class="composer__also"></div>`}</div>`;
  }
  return html`<${parts.value.Composer} key=${`${channel.id} ${rootId}`} channel=${channel} rootId=${rootId} />`;
}
