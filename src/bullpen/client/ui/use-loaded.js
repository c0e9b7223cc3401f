import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { actorChanges } from '../core/loading.js';
import { isOutage, recoveries, watchOutage } from '../core/outage.js';
import { failureOf } from '../core/refusals.js';

/** @import { Failure } from '../core/types.js' */

/**
 * @template T
 * @typedef {{
 *   data: T | undefined,
 *   failure: Failure | null,
 *   busy: boolean,
 *   reload: () => Promise<void>,
 *   set: (change: (data: T) => T) => void,
 * }} Loaded
 */

/**
 * What the API answers, asked for anew whenever the key changes. With `keep`, what an earlier key brought is shown
 * until the new answer is here. An answer that comes too late is dropped.
 * @template T
 * @param {string} key
 * @param {() => Promise<T>} ask
 * @param {{ keep?: boolean }} [options]
 * @returns {Loaded<T>}
 */
export function useLoaded(key, ask, { keep = false } = {}) {
  const state = useSignal(
    /** @type {{ key: string, data: T | undefined, failure: Failure | null, busy: boolean }} */ ({
      key,
      data: undefined,
      failure: null,
      busy: true,
    }),
  );
  const turn = useRef(0);

  async function load() {
    turn.current += 1;
    const mine = turn.current;
    const known = keep || state.peek().key === key ? state.peek().data : undefined;
    state.value = { key, data: known, failure: null, busy: true };
    try {
      const data = await ask();
      if (mine === turn.current) state.value = { key, data, failure: null, busy: false };
    } catch (error) {
      const failure = failureOf(error);
      if (mine === turn.current) state.value = { key, data: known, failure, busy: false };
      if (isOutage(failure.status)) watchOutage();
    }
  }

  useEffect(() => {
    load();
    return () => {
      turn.current += 1;
    };
  }, [key, actorChanges.value]);
  useEffect(() => {
    const { failure } = state.peek();
    if (failure && isOutage(failure.status)) load();
  }, [recoveries.value]);

  const { data, failure, busy } = state.value;
  const current = keep || state.value.key === key;
  return {
    data: current ? data : undefined,
    failure: state.value.key === key ? failure : null,
    busy: busy || state.value.key !== key,
    reload: load,
    set: (change) => {
      const now = state.peek();
      if (now.data !== undefined) state.value = { ...now, data: change(now.data) };
    },
  };
}

/**
 * A list that is loaded page by page.
 * @template T
 * @template {string | number} C
 * @param {string} key
 * @param {(cursor: C | undefined) => Promise<{ items: T[], next: C | null, notes?: string[] }>} ask
 * @param {{ keep?: boolean }} [options]
 */
export function usePages(key, ask, options) {
  const pages = useLoaded(key, () => ask(undefined), options);
  const loadingMore = useSignal(false);
  const moreFailure = useSignal(/** @type {Failure | null} */ (null));

  /** Asks for the newest again; what was loaded of the older ones stays. @param {(item: T) => unknown} keyOf */
  async function refresh(keyOf) {
    const known = pages.data;
    if (!known) return;
    const page = await ask(undefined).catch(() => null);
    if (!page) return;
    pages.set((now) => (now === known ? joined(page, now, keyOf) : now));
  }

  async function more() {
    const known = pages.data;
    if (!known || known.next === null || loadingMore.peek()) return;
    loadingMore.value = true;
    moreFailure.value = null;
    try {
      const page = await ask(known.next);
      pages.set((now) => (now === known ? { items: [...known.items, ...page.items], next: page.next } : now));
    } catch (error) {
      moreFailure.value = failureOf(error);
    } finally {
      loadingMore.value = false;
    }
  }

  return {
    items: pages.data?.items,
    notes: pages.data?.notes,
    failure: pages.failure,
    busy: pages.busy,
    reload: pages.reload,
    refresh,
    hasMore: pages.data !== undefined && pages.data.next !== null,
    more,
    loadingMore: loadingMore.value,
    moreFailure: moreFailure.value,
    /** @param {(items: T[]) => T[]} change */
    set: (change) => pages.set((now) => ({ ...now, items: change(now.items) })),
  };
}

/**
 * @template T
 * @template C
 * @param {{ items: T[], next: C | null }} newest @param {{ items: T[], next: C | null }} known
 * @param {(item: T) => unknown} keyOf
 */
function joined(newest, known, keyOf) {
  const last = newest.items.at(-1);
  const place = last ? known.items.findIndex((item) => keyOf(item) === keyOf(last)) : -1;
  if (place < 0) return newest;
  // What has moved to the front meanwhile is there already.
  const front = new Set(newest.items.map(keyOf));
  const older = known.items.slice(place + 1).filter((item) => !front.has(keyOf(item)));
  return { items: [...newest.items, ...older], next: older.length > 0 ? known.next : newest.next };
}
