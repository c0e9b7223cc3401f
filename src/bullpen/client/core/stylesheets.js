/** @type {Map<string, Promise<void>>} */
const asked = new Map();

/** Adds `styles/<bundle>.css` to the page, once. @param {'pages' | 'live'} bundle @returns {Promise<void>} */
export function loadStyles(bundle) {
  const before = asked.get(bundle);
  if (before) return before;
  const loading = new Promise((/** @type {(value: void) => void} */ done, failed) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = new URL(`../styles/${bundle}.css`, import.meta.url).href;
    link.onload = () => done();
    link.onerror = () => {
      link.remove();
      asked.delete(bundle);
      failed(new Error('No stylesheet'));
    };
    document.head.append(link);
  });
  asked.set(bundle, loading);
  return loading;
}
