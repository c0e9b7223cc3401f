import { useEffect, useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { Rail } from './Rail.js';
import { Sidebar } from './Sidebar.js';
import { drawerOpen, narrow } from './viewport.js';

/** The rail and the sidebar: always beside the messages in a wide window, sliding over them in a narrow one. */
export function Drawer() {
  const drawer = useRef(/** @type {HTMLElement | null} */ (null));
  const open = drawerOpen.value;
  const hidden = narrow.value && !open;
  const wasOpen = useRef(false);

  useEffect(() => {
    const changed = wasOpen.current !== open;
    wasOpen.current = open;
    if (!narrow.value || !changed) return;
    if (open) focusOn('.sidebar [aria-current="page"]', drawer.current);
    else if (lostFocus()) focusOn('.header__menu', document);
  }, [open]);

  function lostFocus() {
    const focused = document.activeElement;
    return focused === document.body || drawer.current?.contains(focused);
  }

  return html`
    <div class="drawer" inert=${hidden} ref=${drawer}>
      <${Rail} />
      <${Sidebar} />
    </div>
    ${narrow.value && open && html`<div class="drawer__veil" onClick=${close}></div>`}
  `;
}

function close() {
  drawerOpen.value = false;
}

/** @param {string} selector @param {ParentNode | null} inside */
function focusOn(selector, inside) {
  /** @type {HTMLElement | null | undefined} */ (inside?.querySelector(selector))?.focus();
}
