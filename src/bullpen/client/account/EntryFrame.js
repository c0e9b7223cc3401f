import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { initialsOf } from '../ui/avatar-colors.js';
import { setup } from './setup.js';

/**
 * The frame of a page that needs no session: the workspace, what the page is for, and its form.
 * @param {{ title: string, intro?: unknown, foot?: unknown, children?: unknown }} props
 */
export function EntryFrame({ title, intro, foot, children }) {
  const workspace = setup.value?.workspaceName ?? '';
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  const first = useRef(true);
  useEffect(() => {
    document.title = [title, workspace].filter(Boolean).join(' · ');
  }, [title, workspace]);
  // After a form was sent, screen readers announce the outcome.
  useLayoutEffect(() => {
    if (!first.current && !heading.current?.closest('main')?.querySelector('form')) heading.current?.focus();
    first.current = false;
  }, [title]);
  return html`
    <main class="entry">
      <div class="entry__card">
        <div class="entry__workspace" data-known=${workspace !== ''}><span class="entry__badge" aria-hidden="true">${initialsOf(workspace)}</span><span class="entry__name" dir="auto">${workspace}</span></div>
        <h1 class="entry__title" tabindex="-1" ref=${heading}>${title}</h1>
        ${intro && html`<p class="entry__intro">${intro}</p>`}
        ${children}
      </div>
      ${foot && html`<p class="entry__foot">${foot}</p>`}
    </main>
  `;
}

/** @param {{ text: string, kind?: 'bad' | 'note' }} props said at once, for those who hear it */
export function EntryNote({ text, kind = 'bad' }) {
  return (
    text &&
    html`<p class=${`entry__note entry__note--${kind}`} role=${kind === 'bad' ? 'alert' : 'status'}>${text}</p>`
  );
}
