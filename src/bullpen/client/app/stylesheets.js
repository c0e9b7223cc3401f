/** @type {Map<string, Promise<void>>} */
const asked = new Map();

/** What a folder's components look like, loaded with the first of them. @param {'pages' | 'live'} folder @returns {Promise<void>} */
export function loadStyles(folder) {
  const before = asked.get(folder);
  if (before) return before;
  const loading = new Promise((/** @type {(value: void) => void} */ done, failed) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = new URL(`../${folder}/styles/all.css`, import.meta.url).href;
    link.onload = () => done();
    link.onerror = () => {
      link.remove();
      asked.delete(folder);
      failed(new Error('No stylesheet'));
    };
    document.head.append(link);
  });
  asked.set(folder, loading);
  return loading;
}
