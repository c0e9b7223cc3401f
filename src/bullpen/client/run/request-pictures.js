// Where what a step sent to its model had a picture, the stored request has the address of its thumbnail.
const ADDRESS = /^\/api\/files\/[0-9a-f-]{36}\/thumbnail$/;

/** Paths of the pictures of a request, each once. @param {any} request @returns {string[]} */
export function picturesOf(request) {
  const parts = (request?.messages ?? []).flatMap((/** @type {any} */ message) => message.parts ?? []);
  const items = parts.flatMap((/** @type {any} */ part) => (Array.isArray(part.content) ? part.content : []));
  const paths = items
    .filter((/** @type {any} */ item) => item?.kind === 'image-url' && ADDRESS.test(item.url))
    .map((/** @type {any} */ item) => item.url);
  return [...new Set(/** @type {string[]} */ (paths))];
}
