import { render } from 'preact';
import { App } from '../components/App.js';
import { html } from './html.js';
import { loadWorkspace } from './loading.js';
import { startRouter } from './router.js';
import { startClock } from './time.js';

startRouter();
startClock();
loadWorkspace();
render(html`<${App} />`, /** @type {HTMLElement} */ (document.getElementById('app')));
