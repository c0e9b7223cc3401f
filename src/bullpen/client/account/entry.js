// The document of the pages that need no session: it draws the one that the address names.
import { render } from 'preact';
import { html } from '../core/html.js';
import { ownAddress } from '../core/wanted-address.js';
import { entryPages } from './entry-pages.js';
import { loadSetup } from './setup.js';

const path = location.pathname.replace(/\/$/, '');
const found = entryPages.find((each) => each.path === path);
const root = document.getElementById('entry');
loadSetup(ownAddress(new URLSearchParams(location.search).get('next')));
if (found && root) render(html`<${found.page} />`, root);
// Another link of the same kind that is opened in this window.
addEventListener('hashchange', () => location.reload());
