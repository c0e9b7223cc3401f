import { batch, signal } from '@preact/signals';
import { parse } from './addresses.js';

/** @import { PageEntry, Route } from './types.js' */

/** @type {import('@preact/signals').Signal<Route>} */
export const route = signal(parse(location.pathname, {}));

/** What the address says after a question mark: filters and searches of a page. */
export const query = signal(new URLSearchParams(location.search));

/** Which entry of the history is shown: scroll positions are remembered by it. */
export const historyEntry = signal(keyOfEntry());

/** How the view was reached: opened afresh, by a link, or by going back or forward. */
export const arrival = signal(/** @type {'start' | 'link' | 'history'} */ ('start'));

/** @param {string} path with its query */
export function go(path) {
  if (path !== location.pathname + location.search + location.hash)
    history.pushState({ key: String(Math.random()) }, '', path);
  follow('link');
}

/** @param {string} path with its query */
export function replace(path) {
  history.replaceState({ key: historyEntry.value }, '', path);
  follow(arrival.value);
}

/** The pages that addresses may lead to. @type {Record<string, PageEntry>} */
let pages = {};

/** @param {Record<string, PageEntry>} table */
export function startRouter(table) {
  pages = table;
  route.value = parse(location.pathname, pages);
  history.scrollRestoration = 'manual';
  if (!history.state?.key) history.replaceState({ key: historyEntry.value }, '');
  addEventListener('popstate', () => follow('history'));
  document.addEventListener('click', followLink);
}

function keyOfEntry() {
  return history.state?.key ?? 'first';
}

/** @param {'start' | 'link' | 'history'} how */
function follow(how) {
  arrival.value = how;
  historyEntry.value = keyOfEntry();
  batch(() => {
    query.value = new URLSearchParams(location.search);
    route.value = parse(location.pathname, pages);
  });
}

/** @param {MouseEvent} event */
function followLink(event) {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!link || link.target || link.download || link.origin !== location.origin) return;
  // Within the page the browser goes there by itself.
  if (link.hash && link.pathname === location.pathname) return;
  event.preventDefault();
  go(link.pathname + link.search + link.hash);
}
