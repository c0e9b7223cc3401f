// Outages: what failed because the server or its database was away is asked for again when they are back, so that no
// error outlives its cause.
import { signal } from '@preact/signals';
import { get } from './http.js';

const firstLook = 4_000;
const longestWait = 60_000;

/** How often an outage has ended. */
export const recoveries = signal(0);

let wait = firstLook;
let timer = 0;

/** @param {number} status of an answer; 0 is none at all */
export const isOutage = (status) => [0, 502, 503, 504].includes(status);

/** Something failed by an outage: from now on its end is looked for. */
export function watchOutage() {
  if (timer === 0) timer = window.setTimeout(look, wait);
}

async function look() {
  timer = 0;
  wait = Math.min(wait * 2, longestWait);
  if (await isHealthy()) recoveries.value += 1;
  else watchOutage();
}

async function isHealthy() {
  try {
    return (await get('/api/health')).database === 'connected';
  } catch {
    return false;
  }
}

/** Somebody wants to know at once, or the browser says that it is online again. */
export function lookSoon() {
  clearTimeout(timer);
  wait = firstLook;
  look();
}

/** It is over: there is a connection. */
export function outageIsOver() {
  clearTimeout(timer);
  timer = 0;
  wait = firstLook;
  recoveries.value += 1;
}
