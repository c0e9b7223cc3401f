// What somebody has typed and not saved. It outlives tabs, pages and reloads of this window, each person's own.
import { signal } from '@preact/signals';
import { session } from '../app/store.js';

const place = 'bullpen.drafts';

/** @type {import('@preact/signals').Signal<Record<string, unknown>>} */
const drafts = signal(read());

/** @returns {Record<string, unknown>} */
function read() {
  try {
    return JSON.parse(sessionStorage.getItem(place) ?? '{}');
  } catch {
    return {};
  }
}

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
      try {
        sessionStorage.setItem(place, JSON.stringify(drafts.value));
      } catch {
        // A window without storage keeps them until it is closed.
      }
    },
  ];
}
