// Which dialog is open. `shell/dialogs.js` loads what it shows; dialogs themselves only need this module.
import { signal } from '@preact/signals';

/** @typedef {'greeting' | 'join' | 'member' | 'view-as' | 'me' | 'switcher' | 'forward' | 'versions' | 'people' | 'members' | 'new-channel' | 'new-group' | 'group-replies' | 'new-agent' | 'channels' | 'channel' | 'lightbox' | 'pins' | 'remind' | 'send-later' | 'scheduled-post' | 'sections' | 'user-groups' | 'user-group' | 'new-user-group'} DialogName */

/** The open dialog and the id that it is about. @type {import('@preact/signals').Signal<{ name: DialogName, about: string } | null>} */
export const dialog = signal(null);

/** @param {DialogName} name @param {string} [about] an id */
export function openDialog(name, about = '') {
  dialog.value = { name, about };
}

export function closeDialog() {
  dialog.value = null;
}
