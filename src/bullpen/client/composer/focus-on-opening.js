import { useEffect } from 'preact/hooks';
import { route } from '../core/router.js';

// Where a finger points, the focus would bring up the keyboard.
const coarse = matchMedia('(pointer: coarse)');
// What has the focus when a conversation is opened: nothing, its heading, or the link that led to it.
const leavesFocus = 'body, h1, h2, .sidebar a, .sidebar__row, .thread-preview, .actions a, .header__menu';

/** With a keyboard, one can write at once after opening a channel or a thread. @param {string | null} rootId */
export function useFocusOnOpening(rootId) {
  useEffect(() => {
    const here = route.peek();
    if (coarse.matches || here.view !== 'channel' || here.threadId !== rootId || here.messageId !== null)
      return;
    if (document.querySelector('dialog[open], :popover-open')) return;
    if (!document.activeElement?.matches(leavesFocus)) return;
    const field = document.querySelector(`${rootId === null ? '#main' : '.thread'} textarea.composer__area`);
    /** @type {HTMLElement | null} */ (field)?.focus({ preventScroll: true });
  }, []);
}
