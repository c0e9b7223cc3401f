import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ApiError } from '../core/http.js';
import { isOutage, recoveries, watchOutage } from '../core/outage.js';
import { failureOf } from '../core/refusals.js';

/** @import { Failure } from '../core/types.js' */

/**
 * @typedef {{ failure: Failure, fields: Record<string, string>, details: unknown }} Problem
 *   what was refused, and the fields that the refusal names
 */

/** One change at a time, and what came of it. */
export function useSave() {
  const busy = useSignal(false);
  const problem = useSignal(/** @type {Problem | null} */ (null));

  /**
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T | undefined>} nothing, where it was refused
   */
  async function save(work) {
    if (busy.peek()) return undefined;
    busy.value = true;
    problem.value = null;
    try {
      return await work();
    } catch (error) {
      problem.value = problemOf(error);
      if (isOutage(problem.peek()?.failure.status ?? 0)) watchOutage();
      return undefined;
    } finally {
      busy.value = false;
    }
  }

  useEffect(() => {
    // The form is as it was, and can be saved now.
    if (problem.peek() && isOutage(problem.peek()?.failure.status ?? 0)) problem.value = null;
  }, [recoveries.value]);

  return {
    busy: busy.value,
    problem: problem.value,
    /** As it is now, where a refusal has just been answered. */
    latest: () => problem.peek(),
    save,
    forget: () => {
      problem.value = null;
    },
  };
}

/** @param {unknown} error @returns {Problem} */
function problemOf(error) {
  const failure = failureOf(error);
  const details = error instanceof ApiError ? error.details : undefined;
  return { failure, fields: fieldsOf(details), details };
}

/** @param {unknown} details @returns {Record<string, string>} */
function fieldsOf(details) {
  if (!Array.isArray(details)) return {};
  return Object.fromEntries(
    details.flatMap(({ loc, msg }) =>
      Array.isArray(loc) && loc[1] !== undefined ? [[String(loc[1]), String(msg)]] : [],
    ),
  );
}
