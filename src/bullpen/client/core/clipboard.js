/** @param {string} text @returns {Promise<boolean>} whether the browser let it be copied */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

/** Without HTTPS, or where the clipboard is refused, there is no other way. @param {string} text */
function copySelected(text) {
  const before = document.activeElement;
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  /** @type {HTMLElement | null} */ (before)?.focus({ preventScroll: true });
  return copied;
}
