// The pages beside the chat, and their styles, loaded when the first of them is wanted.

import { loadStyles } from './stylesheets.js';

/** @import { PageView } from './types.js' */

/** @type {Record<PageView, () => Promise<unknown>>} */
const modules = {
  agent: () => import('../pages/AgentPage.js').then((module) => module.AgentPage),
  run: () => import('../pages/RunPage.js').then((module) => module.RunPage),
  search: () => import('../pages/SearchPage.js').then((module) => module.SearchPage),
  settings: () => import('../pages/SettingsPage.js').then((module) => module.SettingsPage),
};

/** @param {PageView} view @returns {Promise<unknown>} its component */
export async function loadPage(view) {
  const [component] = await Promise.all([modules[view](), loadStyles('pages')]);
  return component;
}
