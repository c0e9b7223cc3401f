// Which window holds what only one of them may: the one that has its lock. Others wait in line for it.

/**
 * @param {string} name @param {AbortSignal} over not wanted any more
 * @param {(leaving: AbortSignal) => Promise<void>} hold holds it until it is to leave
 * @returns {{ steal: () => void }} takes it from a window that does not do its work
 */
export function holdInTurn(name, over, hold) {
  let waiting = new AbortController();
  let steals = false;

  async function run() {
    while (!over.aborted) {
      waiting = new AbortController();
      const leaving = new AbortController();
      const leave = () => leaving.abort();
      over.addEventListener('abort', leave);
      document.addEventListener('freeze', leave);
      const options = steals ? { steal: true } : { signal: waiting.signal };
      steals = false;
      try {
        if (navigator.locks) await navigator.locks.request(name, options, () => hold(leaving.signal));
        else await holdWhileVisible(leaving.signal, hold);
      } catch (error) {
        // It was stolen, or is to steal itself.
        if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
      } finally {
        leave();
        over.removeEventListener('abort', leave);
        document.removeEventListener('freeze', leave);
      }
    }
  }
  over.addEventListener('abort', () => waiting.abort());
  run();
  return {
    steal: () => {
      if (over.aborted) return;
      steals = true;
      waiting.abort();
    },
  };
}

/**
 * Without locks every window has its own, and gives it up while nobody sees it: browsers allow six connections to a host.
 * @param {AbortSignal} leaving @param {(leaving: AbortSignal) => Promise<void>} hold
 */
async function holdWhileVisible(leaving, hold) {
  await visibility('visible', leaving);
  if (leaving.aborted) return;
  const hidden = new AbortController();
  visibility('hidden', leaving).then(() => hidden.abort());
  await hold(hidden.signal);
}

/** @param {DocumentVisibilityState} wanted @param {AbortSignal} leaving @returns {Promise<void>} */
function visibility(wanted, leaving) {
  return new Promise((done) => {
    const look = () => {
      if (document.visibilityState !== wanted && !leaving.aborted) return;
      document.removeEventListener('visibilitychange', look);
      done();
    };
    document.addEventListener('visibilitychange', look);
    leaving.addEventListener('abort', look);
    look();
  });
}
