// What stays in a form after a save: people go on typing while the server answers.

/**
 * Sets a field to what the server has saved, unless somebody has typed since it was sent.
 * @template T
 * @param {import('@preact/signals').Signal<T>} field @param {T} sent @param {T} saved
 */
export function settle(field, sent, saved) {
  if (isSame(field.peek(), sent)) field.value = saved;
}

/**
 * What is left of a draft once `sent` is saved: all of it, where somebody has typed meanwhile.
 * @template T
 * @param {T | undefined} sent @returns {(now: T | undefined) => T | undefined}
 */
export function draftAfterSave(sent) {
  return (now) => (isSame(now, sent) ? undefined : now);
}

/**
 * The same for a draft that holds only the fields that differ from what is saved.
 * @template {Record<string, unknown>} T
 * @param {T} sent @returns {(now: T | undefined) => T | undefined}
 */
export function fieldsAfterSave(sent) {
  return (now) => {
    const left = Object.entries(now ?? {}).filter(([name, value]) => !isSame(value, sent[name]));
    return left.length > 0 ? /** @type {T} */ (Object.fromEntries(left)) : undefined;
  };
}

/** @param {unknown} one @param {unknown} other */
export const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);
