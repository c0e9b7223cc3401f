import { useEffect, useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { locale, plural, t } from '../core/language.js';
import { kinds } from './filter.js';

/** @import { Kind } from './filter.js' */

/**
 * Narrows what a trace shows. "/" goes to it; j and k go from step to step.
 * @param {{ words: string, kind: Kind, shown: number, change: (words: string, kind: Kind) => void }} props
 */
export function TraceFilter({ words, kind, shown, change }) {
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => {
    const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
      if (event.key === '/') {
        event.preventDefault();
        field.current?.focus();
      } else if (event.key === 'j' || event.key === 'k') goOn(event.key === 'j' ? 1 : -1);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  const active = words !== '' || kind !== 'all';
  return html`
    <div class="trace-filter" role="search" aria-label=${t('Filter the trace')}>
      <input class="input trace-filter__words" type="search" aria-label=${t('Filter the trace')} placeholder=${t('Filter: text, tool, argument ( / )')} autocomplete="off" dir="auto" value=${words} ref=${field}
        onInput=${(/** @type {globalThis.Event} */ event) => change(/** @type {HTMLInputElement} */ (event.target).value, kind)} />
      <div class="chips" role="group" aria-label=${t('Kinds of entries')}>
        ${kinds.map((one) => html`<button key=${one.kind} class="chip" type="button" aria-pressed=${one.kind === kind} onClick=${() => change(words, one.kind)}>${one.label}</button>`)}
      </div>
      <span class="quiet trace-filter__count" aria-live="polite">${active && plural(shown, '{count} entry', '{count} entries', { count: shown.toLocaleString(locale) })}</span>
    </div>
  `;
}

/** @param {EventTarget | null} target */
function isWriting(target) {
  return target instanceof Element && target.matches('input, textarea, select, [contenteditable]');
}

/** To the next step's heading, or the one before. @param {1 | -1} by */
function goOn(by) {
  const headings = [
    .../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.trace__messages .step h2')),
  ];
  const from = document.activeElement?.closest('.step')?.querySelector('h2') ?? null;
  const at = headings.indexOf(/** @type {HTMLElement} */ (from));
  const next = headings[at < 0 ? 0 : Math.max(0, Math.min(headings.length - 1, at + by))];
  next?.closest('section')?.scrollIntoView({ block: 'start' });
  next?.focus({ preventScroll: true });
}
