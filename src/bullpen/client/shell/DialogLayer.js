import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { recoveries, watchOutage } from '../core/outage.js';
import { closeDialog, dialog } from '../ui/dialog-state.js';
import { Icon } from '../ui/Icon.js';
import { Failed } from '../ui/Notice.js';
import { loadDialog } from './dialogs.js';

/** Shows the dialog that is open, once it is here. */
export function DialogLayer() {
  const loaded = useSignal(/** @type {{ name: string, component?: unknown } | null} */ (null));
  const open = dialog.value;
  const known = open && loaded.value?.name === open.name ? loaded.value : null;

  async function load() {
    if (!open || known?.component) return;
    const { name } = open;
    loaded.value = null;
    try {
      loaded.value = { name, component: await loadDialog(name) };
    } catch {
      loaded.value = { name };
      watchOutage();
    }
  }
  useEffect(() => void load(), [open?.name]);
  useEffect(() => {
    if (loaded.peek() && !loaded.peek()?.component) load();
  }, [recoveries.value]);

  if (!known) return null;
  return known.component
    ? html`<${known.component} about=${open?.about} />`
    : html`<${NotLoaded} retry=${load} />`;
}

/** @param {{ retry: () => void }} props */
function NotLoaded({ retry }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useLayoutEffect(() => {
    const element = box.current;
    element?.showModal();
    return () => element?.close();
  }, []);

  /** @param {MouseEvent} event */
  function onMouseDown(event) {
    if (event.target === box.current) closeDialog();
  }

  return html`
    <dialog class="dialog" aria-label=${t('Not loaded')} onClose=${() => box.current && closeDialog()} onMouseDown=${onMouseDown} ref=${box}>
      <button class="dialog__leave icon-button" type="button" aria-label=${t('Close')} onClick=${closeDialog}><${Icon} name="x" size=${18} /></button>
      <${Failed} failure=${{ status: 0, message: t('No answer') }} retry=${retry} />
    </dialog>
  `;
}
