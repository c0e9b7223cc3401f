// A browser opens six connections to a host for all of its windows, and a stream keeps one. Streams take four of them at
// most: where windows show more members than that, their streams take turns, so that requests always get through.
const places = ['bullpen.streams:1', 'bullpen.streams:2', 'bullpen.streams:3', 'bullpen.streams:4'];

// Long enough to catch up, and short enough that nobody waits long for news.
const turn = 2_000;
// A window that hangs may keep its place; those that wait for it then try another one.
const longestWait = 30_000;

/**
 * `over`: it has lasted, and others wait; `look`, called now and then, notices that also where the browser slows the timers
 * of a hidden window down.
 * @typedef {{ over: AbortSignal, look: () => void }} Turn
 */

/**
 * Does the work when there is a place for it.
 * @template T @param {AbortSignal} leaving not wanted any more @param {(turn: Turn) => Promise<T>} work
 * @returns {Promise<T | undefined>}
 */
export async function inTurn(leaving, work) {
  if (!navigator.locks) return work({ over: new AbortController().signal, look: () => {} });
  for (const name of places) {
    const { taken, result } = await navigator.locks.request(name, { ifAvailable: true }, async (lock) =>
      lock ? { taken: true, result: await workAt(name, work) } : { taken: false, result: undefined },
    );
    if (taken) return result;
  }
  while (!leaving.aborted) {
    const name = /** @type {string} */ (places[Math.floor(Math.random() * places.length)]);
    const signal = AbortSignal.any([leaving, AbortSignal.timeout(longestWait)]);
    let begun = false;
    try {
      return await navigator.locks.request(name, { signal }, () => {
        begun = true;
        return workAt(name, work);
      });
    } catch (error) {
      if (begun || !signal.aborted) throw error;
    }
  }
  return undefined;
}

/** @template T @param {string} name @param {(turn: Turn) => Promise<T>} work @returns {Promise<T>} */
async function workAt(name, work) {
  const over = new AbortController();
  const since = performance.now();
  async function look() {
    if (over.signal.aborted || performance.now() - since < turn) return;
    const { pending = [] } = await navigator.locks.query();
    if (pending.some((request) => request.name === name)) over.abort();
  }
  const timer = setInterval(look, turn);
  try {
    return await work({ over: over.signal, look });
  } finally {
    clearInterval(timer);
  }
}
