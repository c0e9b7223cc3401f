// What the browser runs beside the windows of Bullpen. It keeps the files of the client, so that Bullpen opens without a
// connection; what is shown then is kept by the windows (offline/keeping.js). It neither answers nor keeps requests to the
// API. The server puts the values into the first three constants, and push/service-worker.js below.

const version = '{{version}}';
/** @type {string[]} */
const files = JSON.parse('{{files}}');
/** The first parts of the addresses that the chat's document answers. @type {string[]} */
const places = JSON.parse('{{places}}');

const worker = /** @type {any} */ (self);
const keptFiles = 'bullpen.files:';
const current = keptFiles + version;
const start = '/';

worker.addEventListener('install', (/** @type {any} */ event) => {
  // Where the browser can, requests to the API do not even wake the worker.
  event.addRoutes?.([{ condition: { urlPattern: { pathname: '/api/*' } }, source: 'network' }]);
  event.waitUntil(keepFiles().then(() => worker.skipWaiting()));
});
worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(begin()));
worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== 'GET' || origin !== worker.location.origin) return;
  if (files.includes(pathname)) event.respondWith(fileFor(event.request));
  else if (mode === 'navigate' && places.includes(pathname.split('/')[1] ?? ''))
    event.respondWith(documentFor(event));
});

/** Where one cannot be had, the worker is not installed, and the browser tries again later. */
async function keepFiles() {
  const cache = await caches.open(current);
  await cache.addAll(files);
  // A request that is no navigation gets the document without anybody's data.
  const document = await fetch(start, { cache: 'no-store' });
  const text = await document.clone().text();
  const isOurs = document.ok && !document.redirected && files.some((path) => text.includes(path));
  if (!isOurs || text.includes('id="first-answers"')) throw new Error('This is another document.');
  await cache.put(start, document);
}

async function begin() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(keptFiles) && name !== current);
  await Promise.all(old.map((name) => caches.delete(name)));
  // The request for the document does not wait for the worker.
  await worker.registration.navigationPreload?.enable();
}

/** Its address says what is in it. @param {Request} request */
async function fileFor(request) {
  return (await keptAnswer(request.url)) ?? fetch(request);
}

/** The newest document where there is a connection, so that an update of the server is seen at once. @param {any} event */
async function documentFor(event) {
  try {
    const answer = (await event.preloadResponse) ?? (await fetch(event.request));
    const isAway = [502, 503, 504].includes(answer.status);
    return (isAway && (await keptAnswer(start))) || answer;
  } catch (problem) {
    const kept = await keptAnswer(start);
    if (kept) return kept;
    throw problem;
  }
}

/** @param {string} address @returns {Promise<Response | undefined>} */
async function keptAnswer(address) {
  return (await caches.open(current)).match(address, { ignoreVary: true });
}
