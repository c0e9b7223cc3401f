/** @param {HTMLTextAreaElement} area @returns {import('./formatting.js').Selected} */
export function selectionOf({ value, selectionStart, selectionEnd }) {
  return { text: value, start: selectionStart, end: selectionEnd };
}

/**
 * Puts a text in, so that the browser's own undo takes it back.
 * @param {HTMLTextAreaElement} area @param {import('./formatting.js').Selected} next
 */
export function put(area, { text, start, end }) {
  area.focus();
  const { value } = area;
  let same = 0;
  while (same < value.length && same < text.length && value[same] === text[same]) same += 1;
  let tail = 0;
  while (
    tail < value.length - same &&
    tail < text.length - same &&
    value[value.length - 1 - tail] === text[text.length - 1 - tail]
  )
    tail += 1;
  area.setSelectionRange(same, value.length - tail);
  const added = text.slice(same, text.length - tail);
  // Old, but the only way that undo knows of.
  const done =
    added === '' ? document.execCommand('delete') : document.execCommand('insertText', false, added);
  if (!done || area.value !== text) {
    area.value = text;
    area.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }
  area.setSelectionRange(start, end);
}
