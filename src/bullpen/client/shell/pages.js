// The pages beside the chat, and their styles, loaded when the first of them is wanted.

import { loadStyles } from '../core/stylesheets.js';

/** @import { PageView } from '../core/types.js' */

/** @type {Record<PageView, () => Promise<unknown>>} */
const modules = {
  agent: () => import('../agent/AgentPage.js').then((module) => module.AgentPage),
  run: () => import('../run/RunPage.js').then((module) => module.RunPage),
  search: () => import('../search/SearchPage.js').then((module) => module.SearchPage),
  settings: () => import('../settings/SettingsPage.js').then((module) => module.SettingsPage),
};

/** @param {PageView} view @returns {Promise<unknown>} its component */
export async function loadPage(view) {
  const [component] = await Promise.all([modules[view](), loadStyles('pages')]);
  return component;
}
