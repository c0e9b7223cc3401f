// What may be done with a key that was pressed.

/**
 * Whether a key belongs to an input method, as Enter does when it confirms what is being composed (Japanese, Chinese,
 * Korean). Safari sends that Enter after it has ended the composition, so only the code of the key tells.
 * @param {KeyboardEvent} event
 */
export function isOfInputMethod(event) {
  return event.isComposing || event.keyCode === 229;
}

/** No field, list or dialog hears of keys that belong to an input method: they neither send nor choose nor close. */
export function startKeys() {
  addEventListener(
    'keydown',
    (event) => {
      if (isOfInputMethod(event)) event.stopImmediatePropagation();
    },
    { capture: true },
  );
}
