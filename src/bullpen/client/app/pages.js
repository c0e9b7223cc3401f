// The pages beside the chat, and their styles, loaded when the first of them is wanted.

/** @typedef {'agent' | 'run' | 'search'} PageView */

/** @type {Record<PageView, () => Promise<unknown>>} */
const modules = {
  agent: () => import('../pages/AgentPage.js').then((module) => module.AgentPage),
  run: () => import('../pages/RunPage.js').then((module) => module.RunPage),
  search: () => import('../pages/SearchPage.js').then((module) => module.SearchPage),
};

/** @type {Promise<void> | null} */
let styled = null;

/** @param {PageView} view @returns {Promise<unknown>} its component */
export async function loadPage(view) {
  const [component] = await Promise.all([modules[view](), styles()]);
  return component;
}

/** What the pages and dialogs look like. @returns {Promise<void>} */
export function styles() {
  styled ??= new Promise((done, failed) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = new URL('../pages/styles/all.css', import.meta.url).href;
    link.onload = () => done();
    link.onerror = () => {
      link.remove();
      styled = null;
      failed(new Error('No stylesheet'));
    };
    document.head.append(link);
  });
  return styled;
}
