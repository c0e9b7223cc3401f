// What somebody has typed and not saved. It outlives tabs, pages and reloads of this window, each person's own.
import { effect, signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { readEntry, writeEntry } from '../core/storage.js';
import { session } from '../core/store/store.js';

const place = 'bullpen.drafts';

/** @type {import('@preact/signals').Signal<Record<string, unknown>>} */
const drafts = signal(readEntry(place, 'window') ?? {});

/** @param {string} name */
const keyOf = (name) => `${session.value?.userId}:${name}`;

/** @param {string} name */
export const hasDraft = (name) => drafts.peek()[keyOf(name)] !== undefined;

/**
 * @template T
 * @param {string} name
 * @returns {[T | undefined, (draft: T | undefined) => void]}
 */
export function useDraft(name) {
  const key = keyOf(name);
  return [
    /** @type {T | undefined} */ (drafts.value[key]),
    (draft) => {
      const { [key]: _before, ...others } = drafts.peek();
      drafts.value = draft === undefined ? others : { ...others, [key]: draft };
      writeEntry(place, drafts.peek(), 'window');
    },
  ];
}

/**
 * A field of a dialog, as a signal: what is typed is there again when the dialog is opened again, until it is saved or
 * set back to what is saved.
 * @template T
 * @param {string} name @param {T} saved @returns {import('@preact/signals').Signal<T>}
 */
export function useDraftedSignal(name, saved) {
  const [draft, setDraft] = useDraft(name);
  const typed = useSignal(/** @type {T} */ (draft ?? saved));
  const before = useRef(saved);
  useEffect(() => {
    // What nobody has touched follows what others save.
    if (isSame(typed.peek(), before.current)) typed.value = saved;
    before.current = saved;
    return effect(() => setDraft(isSame(typed.value, saved) ? undefined : typed.value));
  }, [JSON.stringify(saved)]);
  return typed;
}

/** @param {unknown} one @param {unknown} other */
const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);
