// A page's code and styles, loaded when it is wanted.
import { loadStyles } from '../core/stylesheets.js';
import { pages } from '../routes.js';

/** @param {string} name in `routes.js` @returns {Promise<unknown>} its component */
export async function loadPage(name) {
  const [component] = await Promise.all([pages[name]?.load(), loadStyles('pages')]);
  return component;
}
