// The language that somebody has chosen for this browser. It is a cookie, because the document is in it already
// (`api/browser/languages.py` reads it); without one, the browser's own languages count.

const name = 'bullpen_language';
const year = 365 * 24 * 60 * 60;

export function chosenLanguage() {
  return new RegExp(`(?:^|; )${name}=([\\w-]+)`).exec(document.cookie)?.[1] ?? '';
}

/** @param {string} code empty: as the browser */
export function chooseLanguage(code) {
  const life = code === '' ? 0 : year;
  // biome-ignore lint/suspicious/noDocumentCookie: not every browser has the store of cookies
  document.cookie = `${name}=${code};path=/;max-age=${life};samesite=lax`;
  location.reload();
}
