// What another window took out of storage it has sent, mostly. Here it stays shown until its event arrives: else it
// would be gone for a moment. What was discarded there instead is shown a little longer.
const longest = 2_000;

/** @template T @param {() => void} show draws anew what is shown */
export function leavingEntries(show) {
  /** @type {Map<string, T>} */
  const entries = new Map();
  return {
    /** @param {string} id @param {T} entry */
    keep(id, entry) {
      entries.set(id, entry);
      setTimeout(() => {
        if (entries.get(id) === entry && entries.delete(id)) show();
      }, longest);
    },
    /** @param {string} id */
    drop: (id) => entries.delete(id),
    /** @param {{ has: (id: string) => boolean }} kept what is still in storage @returns {T[]} */
    besides: (kept) => [...entries].filter(([id]) => !kept.has(id)).map(([, entry]) => entry),
  };
}
