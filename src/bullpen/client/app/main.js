import { render } from 'preact';
import { App } from '../components/App.js';
import { html } from './html.js';
import { loadFirstView } from './loading.js';
import { startRouter } from './router.js';
import { startClock } from './time.js';

// What is there at once need not be announced by drawing its outlines first.
const soon = 150;

startRouter();
startClock();
await Promise.race([loadFirstView(), new Promise((resolve) => setTimeout(resolve, soon))]);
render(html`<${App} />`, /** @type {HTMLElement} */ (document.getElementById('app')));
