// Which files are code, by their names, and in which language of the highlighter.
const endings = new Set(
  (
    'bash c cc cpp cs css diff go graphql h hpp html ini java js json jsx kt less lua md mjs patch php pl py r rb rs ' +
    'scss sh sql svg swift toml ts tsx vb xml yaml yml'
  ).split(' '),
);

/** Empty for a text that is not code. @param {string} name */
export function languageOf(name) {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  if (ending === 'makefile') return ending;
  return name.includes('.') && endings.has(ending) ? ending : '';
}

/** The beginning of a file that was cut anywhere, without the part of a character at its end. @param {string} text @param {boolean} isCut */
export const wholeCharacters = (text, isCut) => (isCut ? text.replace(/\ufffd{1,3}$/, '') : text);
