// What somebody has typed and not saved. It outlives tabs, pages and reloads of this window, each person's own.
import { effect, signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { readEntry, writeEntry } from '../core/storage.js';
import { session } from '../core/store/store.js';
import { isSame } from './after-save.js';

const place = 'bullpen.drafts';

/** @type {import('@preact/signals').Signal<Record<string, unknown>>} */
const drafts = signal(readEntry(place, 'window') ?? {});

/** @param {string} name */
const keyOf = (name) => `${session.value?.userId}:${name}`;

/** @param {string} name */
export const hasDraft = (name) => drafts.peek()[keyOf(name)] !== undefined;

/**
 * @template T
 * @typedef {(draft: T | undefined | ((now: T | undefined) => T | undefined)) => void} SetDraft
 *   takes a draft, or a function that makes it from the draft of that moment
 */

/**
 * @template T
 * @param {string} name
 * @returns {[T | undefined, SetDraft<T>]}
 */
export function useDraft(name) {
  const key = keyOf(name);
  return [
    /** @type {T | undefined} */ (drafts.value[key]),
    (draft) => {
      const { [key]: before, ...others } = drafts.peek();
      const next =
        typeof draft === 'function' ? /** @type {(now: unknown) => unknown} */ (draft)(before) : draft;
      drafts.value = next === undefined ? others : { ...others, [key]: next };
      writeEntry(place, drafts.peek(), 'window');
    },
  ];
}

/** The fields that somebody has typed in since they last showed what is saved. */
const typedIn = /** @type {WeakSet<object>} */ (new WeakSet());

/**
 * A field of a dialog, as a signal: what is typed is there again when the dialog is opened again, until it is saved or
 * discarded. A field that nobody has typed in shows what others save.
 * @template T
 * @param {string} name @param {T} saved @returns {import('@preact/signals').Signal<T>}
 */
export function useDraftedSignal(name, saved) {
  const [draft, setDraft] = useDraft(name);
  const typed = useSignal(/** @type {T} */ (draft ?? saved));
  const shown = useRef(saved);
  useEffect(() => {
    // The old text, typed again while a save is under way, is meant to stay.
    if (!typedIn.has(typed) && isSame(typed.peek(), shown.current)) typed.value = saved;
    if (isSame(typed.peek(), saved)) typedIn.delete(typed);
    shown.current = saved;
    return effect(() => {
      if (!isSame(typed.value, saved)) typedIn.add(typed);
      setDraft(isSame(typed.value, saved) ? undefined : typed.value);
    });
  }, [JSON.stringify(saved)]);
  return typed;
}

/**
 * @template T
 * @param {import('@preact/signals').Signal<T>} field @param {T} saved
 */
export function discardTyped(field, saved) {
  field.value = saved;
  typedIn.delete(field);
}
