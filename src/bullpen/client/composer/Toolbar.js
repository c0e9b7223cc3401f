import { useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { Icon } from '../ui/Icon.js';
import { tools } from './formatting.js';
import { put, selectionOf } from './textarea.js';

const command = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : t('Ctrl');

/** One stop for Tab, in which arrows go on. @param {{ area: { current: HTMLTextAreaElement | null } }} props */
export function Toolbar({ area }) {
  const bar = useRef(/** @type {HTMLElement | null} */ (null));

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0 || !bar.current) return;
    event.preventDefault();
    const all = /** @type {HTMLElement[]} */ ([...bar.current.querySelectorAll('button')]);
    const from = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const to = all[(from + step + all.length) % all.length];
    for (const one of all) one.tabIndex = one === to ? 0 : -1;
    to?.focus();
  }

  return html`
    <div class="composer__tools" role="toolbar" aria-label=${t('Formatting')} onKeyDown=${onKeyDown} ref=${bar}>
      ${tools.map(
        (tool, at) => html`
          <button
            key=${tool.name}
            class="composer__tool"
            type="button"
            tabindex=${at === 0 ? 0 : -1}
            aria-label=${tool.name}
            data-tip=${tool.name}
            data-tip-more=${`${command} ${tool.keys}`}
            onMouseDown=${(/** @type {MouseEvent} */ event) => event.preventDefault()}
            onClick=${() => {
              if (area.current) put(area.current, tool.use(selectionOf(area.current)));
            }}
          >
            <${Icon} name=${tool.icon} size=${16} />
          </button>
        `,
      )}
    </div>
  `;
}
