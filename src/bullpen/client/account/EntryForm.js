import { useEffect, useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { EntryNote } from './EntryFrame.js';

/**
 * A form that keeps what was typed if it is refused, and leads to the first field that is wrong.
 * @param {{
 *   label: string, action: string, busyAction: string, busy: boolean, general: string, fields: Record<string, string | undefined>,
 *   submit: () => void, children?: unknown
 * }} props general: what is wrong with all of it
 */
export function EntryForm({ label, action, busyAction, busy, general, fields, submit, children }) {
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  const wrong = Object.keys(fields)
    .filter((name) => fields[name])
    .join();
  useEffect(() => {
    if (!busy && wrong)
      /** @type {HTMLElement | null | undefined} */ (form.current?.querySelector('[aria-invalid]'))?.focus();
  }, [busy, wrong]);
  return html`
    <form class="entry__form" method="post" aria-label=${label} novalidate ref=${form} onSubmit=${(
      /** @type {SubmitEvent} */ event,
    ) => {
      event.preventDefault();
      if (!busy) submit();
    }}>
      <${EntryNote} text=${general} />
      ${children}
      <button class="button entry__submit" type="submit" aria-disabled=${busy}>${busy ? busyAction : action}</button>
    </form>
  `;
}
