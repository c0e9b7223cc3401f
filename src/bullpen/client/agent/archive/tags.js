/** Tags as they are typed or stand in an address: apart by commas, each once. @param {string} text */
export function tagsOf(text) {
  return [...new Set(text.split(',').map((tag) => tag.trim()))].filter(Boolean);
}
