import { render } from 'preact';
import { html } from './core/html.js';
import { startKeys } from './core/input-method.js';
import { loadFirstView, loadName } from './core/loading.js';
import { isOutage } from './core/outage.js';
import { route, startRouter } from './core/router.js';
import { isLookingForSeen } from './core/seen.js';
import { loads } from './core/store/store.js';
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
const first = loadFirstView().then(noteOutage);
await Promise.race([Promise.all([first, page]), new Promise((resolve) => setTimeout(resolve, soon))]);
render(html`<${App} />`, /** @type {HTMLElement} */ (document.getElementById('app')));
await first;
if (isLookingForSeen.peek()) showWhatWasSeen();
goLive();

function noteOutage() {
  const failure = loads.peek()[loadName.workspace];
  isLookingForSeen.value = Boolean(failure && isOutage(failure.status));
}

/** Its code comes after that of the page, which must not wait for it. */
async function showWhatWasSeen() {
  await import('./offline/showing.js').then(({ showSeen }) => showSeen()).catch(() => {});
  isLookingForSeen.value = false;
}

/** What others do, and what one writes, is not needed to show the first view. */
function goLive() {
  Promise.all([import('./live.js'), loadStyles('live')]).then(
    ([{ start }]) => start(),
    () => setTimeout(goLive, 5_000),
  );
}
