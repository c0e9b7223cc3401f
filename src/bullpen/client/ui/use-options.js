import { useSignal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';

/**
 * Options below a field in which the focus stays: arrow keys move, Enter chooses. (The combobox of the ARIA practices.)
 * @param {{ id: string, count: number, choose: (at: number) => void, first?: boolean, key?: unknown }} options
 *   first: one is always current, at the beginning the first; key: what the options depend on
 */
export function useOptions({ id, count, choose, first = false, key }) {
  const start = first ? 0 : -1;
  const current = useSignal(start);
  const at = current.value < count ? current.value : start;
  const optionId = (/** @type {number} */ place) => `${id}-${place}`;

  useLayoutEffect(() => {
    current.value = start;
  }, [key]);
  useLayoutEffect(() => {
    if (at >= 0) document.getElementById(optionId(at))?.scrollIntoView({ block: 'nearest' });
  }, [at, count]);

  /** @param {KeyboardEvent} event @returns {boolean} whether that was all that was meant by the key */
  function onKeyDown(event) {
    if (count === 0 || event.altKey || event.ctrlKey || event.metaKey) return false;
    if (event.key === 'ArrowDown') current.value = at + 1 < count ? at + 1 : start;
    else if (event.key === 'ArrowUp') current.value = at > start ? at - 1 : count - 1;
    else if (event.key === 'Enter' && at >= 0) choose(at);
    else return false;
    event.preventDefault();
    return true;
  }

  return {
    at,
    onKeyDown,
    /** For the field. */
    field: {
      role: 'combobox',
      'aria-autocomplete': 'list',
      'aria-expanded': count > 0,
      'aria-controls': `${id}-list`,
      'aria-activedescendant': at >= 0 && at < count ? optionId(at) : undefined,
    },
    list: { id: `${id}-list`, role: 'listbox' },
    /** @param {number} place */
    option: (place) => ({
      id: optionId(place),
      role: 'option',
      'aria-selected': place === at,
      // The focus stays in the field.
      onMouseDown: (/** @type {MouseEvent} */ event) => event.preventDefault(),
      onMouseMove: () => {
        current.value = place;
      },
      onClick: () => choose(place),
    }),
  };
}
