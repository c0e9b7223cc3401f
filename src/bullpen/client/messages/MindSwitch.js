import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { Icon } from '../ui/Icon.js';
import { readsMinds, switchMinds } from './minds.js';

/** Shows or hides what was behind each agent's message in a channel. @param {{ channelId: string }} props */
export function MindSwitch({ channelId }) {
  const on = readsMinds(channelId);
  return html`
    <button
      class="icon-button mind-switch"
      type="button"
      aria-label=${t('Mind-reading')}
      aria-pressed=${on}
      data-tip=${on ? t('Hide what agents think') : t('Show what agents think')}
      data-tip-side="bottom"
      onClick=${() => switchMinds(channelId, !on)}
    ><${Icon} name="brain" size=${18} /></button>
  `;
}
