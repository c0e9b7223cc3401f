import { render } from 'preact';
import { html } from './core/html.js';
import { startKeys } from './core/input-method.js';
import { loadFirstView } from './core/loading.js';
import { route, startRouter } from './core/router.js';
import { loadStyles } from './core/stylesheets.js';
import { startClock } from './core/time.js';
import { pages } from './routes.js';
import { App } from './shell/App.js';
import { loadPage } from './shell/pages.js';

// What is there at once need not be announced by drawing its outlines first.
const soon = 150;

startKeys();
startRouter(pages);
startClock();
const here = route.peek();
const page = here.view === 'page' ? loadPage(here.page).catch(() => {}) : null;
const first = loadFirstView();
await Promise.race([Promise.all([first, page]), new Promise((resolve) => setTimeout(resolve, soon))]);
render(html`<${App} />`, /** @type {HTMLElement} */ (document.getElementById('app')));
await first;
goLive();

/** What others do, and what one writes, is not needed to show the first view. */
function goLive() {
  Promise.all([import('./live.js'), loadStyles('live')]).then(
    ([{ start }]) => start(),
    () => setTimeout(goLive, 5_000),
  );
}
