// The part of the service worker that works also while no window of Bullpen is open: it shows what it is pushed, and opens it
// when it is clicked. The server puts it below offline/service-worker.js.

worker.addEventListener('push', (/** @type {any} */ event) => {
  if (event.data) event.waitUntil(show(event.data.json()));
});
worker.addEventListener('notificationclick', (/** @type {any} */ event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.address));
});

/** @returns {Promise<any[]>} */
const windows = () => worker.clients.matchAll({ type: 'window', includeUncontrolled: true });

/** @param {{ title: string, body: string, address: string, tag: string, isSilent: boolean }} notice */
async function show({ title, body, address, tag, isSilent }) {
  // A visible window shows the message itself.
  if ((await windows()).some((one) => one.visibilityState === 'visible')) return;
  await worker.registration.showNotification(title, {
    body,
    tag,
    silent: isSilent,
    renotify: !isSilent,
    data: { address },
  });
}

/** @param {string} address */
async function open(address) {
  for (const one of await windows()) {
    try {
      await one.focus();
    } catch {
      // It is closing, or the browser does not let it.
      continue;
    }
    one.postMessage({ type: 'open', address });
    return;
  }
  await worker.clients.openWindow(address);
}
