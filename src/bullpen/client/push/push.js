// Whether this browser gets notifications by Web Push, also while no window of Bullpen is open: those of one user.
import { signal } from '@preact/signals';
import { get, send } from '../core/http.js';
import { go } from '../core/router.js';
import { readEntry, removeEntry, writeEntry } from '../core/storage.js';
import { session } from '../core/store/store.js';
import { browserZone } from '../saved/time-zone.js';

const place = 'bullpen.push';
const script = '/service-worker.js';

/** Only over HTTPS or on this machine. */
export const canPush = 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;

/** Whether the current user gets notifications in this browser. */
export const pushed = signal(false);

export function startPush() {
  if (!canPush) return;
  navigator.serviceWorker.addEventListener('message', ({ data }) => {
    if (data?.type === 'open') go(data.address);
  });
  // The subscription may have changed, or this may be another session.
  if (isWanted() && Notification.permission === 'granted') subscribe().catch(() => {});
}

const me = () => session.peek()?.userId ?? null;
const isWanted = () => me() !== null && readEntry(place) === me();

/** The browser must have been allowed to notify. Throws where it cannot be subscribed. */
export async function subscribe() {
  const { publicKey } = await get('/api/push');
  await navigator.serviceWorker.register(script);
  const { pushManager } = await navigator.serviceWorker.ready;
  let subscription = await pushManager.getSubscription();
  if (subscription && keyOf(subscription) !== publicKey) {
    await subscription.unsubscribe();
    subscription = null;
  }
  subscription ??= await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey });
  const { endpoint, keys } = subscription.toJSON();
  await send('PUT', '/api/push', { endpoint, ...keys, timeZone: browserZone() });
  writeEntry(place, me());
  pushed.value = true;
}

/** The key of the server that it was made for, as the server writes it. @param {PushSubscription} subscription */
function keyOf(subscription) {
  const key = subscription.options.applicationServerKey;
  if (key === null) return '';
  const text = btoa(String.fromCharCode(...new Uint8Array(key)));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Throws where the server cannot be reached. */
export async function unsubscribe() {
  const subscription = await ownSubscription();
  if (subscription) await send('DELETE', '/api/push', { endpoint: subscription.endpoint });
  await forget(subscription);
}

/** Somebody has signed out: the server has forgotten it with the session. */
export async function endPush() {
  if (isWanted()) await forget(await ownSubscription()).catch(() => {});
}

/** @param {PushSubscription | null} subscription */
async function forget(subscription) {
  removeEntry(place);
  pushed.value = false;
  await subscription?.unsubscribe();
}

async function ownSubscription() {
  const registration = await navigator.serviceWorker.getRegistration(script);
  return (await registration?.pushManager.getSubscription()) ?? null;
}
