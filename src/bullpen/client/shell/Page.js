import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { arrival } from '../core/router.js';
import { Failed } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { MenuButton } from './Header.js';
import { loadPage } from './pages.js';
import { drawerOpen, narrow } from './viewport.js';

/** @import { Failure, PageRoute } from '../core/types.js' */

/** @type {Failure} */
const unreachable = { status: 0, message: t('No answer') };

/** The pages beside the chat. What they are made of is loaded when the first of them is opened. @param {{ route: PageRoute }} props */
export function Page({ route }) {
  const loaded = useSignal(
    /** @type {{ page: string, component: unknown } | { page: string, failed: true } | null} */ (null),
  );
  const { page } = route;
  // Going back while a page is loading leads to the page before.
  const latest = useRef(page);
  latest.current = page;
  const known = loaded.value?.page === page ? loaded.value : null;

  async function load() {
    loaded.value = null;
    try {
      const component = await loadPage(page);
      if (latest.current === page) loaded.value = { page, component };
    } catch {
      if (latest.current === page) loaded.value = { page, failed: true };
    }
  }
  useEffect(() => void load(), [page]);
  useEffect(() => {
    const lostFocus = document.activeElement === document.body;
    if (arrival.value !== 'start' && lostFocus) document.querySelector('h1')?.focus();
  }, [known]);

  return html`
    <main id="main" class="app__main page" tabindex="-1" inert=${narrow.value && drawerOpen.value}>
      ${known && 'component' in known ? html`<${known.component} route=${route.params} />` : waiting()}
    </main>
  `;

  function waiting() {
    return html`
      <header class="header"><${MenuButton} /><h1 class="header__name" tabindex="-1"><span class="visually-hidden">${t('Loading')}</span></h1></header>
      ${known ? html`<${Failed} failure=${unreachable} retry=${load} />` : html`<${PageSkeleton} />`}
    `;
  }
}
