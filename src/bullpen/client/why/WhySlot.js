import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { loadStyles } from '../core/stylesheets.js';
import { Icon } from '../ui/Icon.js';
import { Failed } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { usePanelFocus } from '../ui/use-panel-focus.js';

/**
 * The side panel that says why a message was written. What it is made of is loaded when it is opened.
 * @param {{ messageId: string, close: string }} props close: the address without it
 */
export function WhySlot({ messageId, close }) {
  const panel = useRef(/** @type {HTMLElement | null} */ (null));
  const loaded = useSignal(/** @type {{ component?: unknown } | null} */ (null));

  async function load() {
    loaded.value = null;
    try {
      const [{ WhyPanel }] = await Promise.all([import('./WhyPanel.js'), loadStyles('pages')]);
      loaded.value = { component: WhyPanel };
    } catch {
      loaded.value = {};
    }
  }
  useEffect(() => void load(), []);
  usePanelFocus(panel, () => document.querySelector(`[data-message-id="${CSS.escape(messageId)}"]`));

  return html`
    <aside class="thread why" aria-label=${t('Why?')} ref=${panel}>
      <header class="thread__head">
        <h2 class="thread__title" tabindex="-1">${t('Why?')}</h2>
        <span class="thread__place"></span>
        <a class="thread__close icon-button" href=${close} aria-label=${t('Close')} data-tip=${t('Close')} data-tip-more=${t('Esc')} data-tip-side="bottom"><${Icon} name="x" size=${20} /></a>
      </header>
      <div class="thread__scroller why__scroller" tabindex="0" role="region" aria-label=${t('What was behind the message')}>
        ${content()}
      </div>
    </aside>
  `;

  function content() {
    if (!loaded.value) return html`<${PageSkeleton} label=${t('Loading the run')} />`;
    if (!loaded.value.component)
      return html`<${Failed} failure=${{ status: 0, message: t('No answer') }} retry=${load} />`;
    return html`<${loaded.value.component} messageId=${messageId} />`;
  }
}
