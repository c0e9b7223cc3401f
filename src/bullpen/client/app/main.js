import { render } from 'preact';
import { App } from '../components/App.js';
import { isPage } from './addresses.js';
import { html } from './html.js';
import { startKeys } from './keys.js';
import { loadFirstView } from './loading.js';
import { loadPage } from './pages.js';
import { route, startRouter } from './router.js';
import { loadStyles } from './stylesheets.js';
import { startClock } from './time.js';

// What is there at once need not be announced by drawing its outlines first.
const soon = 150;

startKeys();
startRouter();
startClock();
const here = route.peek();
const page = isPage(here) ? loadPage(here.view).catch(() => {}) : null;
const first = loadFirstView();
await Promise.race([Promise.all([first, page]), new Promise((resolve) => setTimeout(resolve, soon))]);
render(html`<${App} />`, /** @type {HTMLElement} */ (document.getElementById('app')));
await first;
goLive();

/** What others do, and what one writes, is not needed to show the first view. */
function goLive() {
  Promise.all([import('../live/start.js'), loadStyles('live')]).then(
    ([{ start }]) => start(),
    () => setTimeout(goLive, 5_000),
  );
}
