// What is done in a dialog above the view: opened by whatever has its name as `data-dialog`. Its parts are loaded then.
import { effect, signal } from '@preact/signals';
import { addressOfAgent } from '../core/addresses.js';
import { go, route } from '../core/router.js';
import { loadStyles } from '../core/stylesheets.js';

/** @typedef {'me' | 'switcher' | 'people' | 'members' | 'new-channel' | 'channels' | 'channel'} DialogName */

/** @type {Record<DialogName, () => Promise<unknown>>} */
const modules = {
  'new-channel': () => import('../channels/NewChannel.js').then((module) => module.NewChannel),
  channel: () => import('../channels/AboutChannel.js').then((module) => module.AboutChannel),
  channels: () => import('../channels/Channels.js').then((module) => module.Channels),
  me: () => import('../settings/StatusDialog.js').then((module) => module.StatusDialog),
  members: () => import('../channels/Members.js').then((module) => module.Members),
  people: () => import('./Switcher.js').then((module) => module.People),
  switcher: () => import('./Switcher.js').then((module) => module.Switcher),
};

/** The one that is open, and what it is about. @type {import('@preact/signals').Signal<{ name: DialogName, about: string } | null>} */
export const dialog = signal(null);

/** @param {DialogName} name @param {string} [about] an id */
export function openDialog(name, about = '') {
  dialog.value = { name, about };
}

export function closeDialog() {
  dialog.value = null;
}

/** @param {DialogName} name @returns {Promise<unknown>} its component */
export async function loadDialog(name) {
  const [component] = await Promise.all([modules[name](), loadStyles('pages')]);
  return component;
}

export function startDialogs() {
  effect(() => {
    route.value;
    closeDialog();
  });
  document.addEventListener('click', openOnClick);
  document.addEventListener('keydown', switchOnKey, { capture: true });
}

/** @param {MouseEvent} event */
function openOnClick(event) {
  const target =
    event.target instanceof Element ? event.target.closest('[data-dialog], [data-message]') : null;
  const { dialog: name, about, message } = /** @type {HTMLElement | null} */ (target)?.dataset ?? {};
  if (message) messageTo(message);
  else if (name) openDialog(/** @type {DialogName} */ (name), about);
}

/** Where that fails, their page says why. @param {string} userId */
async function messageTo(userId) {
  try {
    const { openDirectMessage } = await import('../channels/direct-messages.js');
    await openDirectMessage(userId);
  } catch {
    go(addressOfAgent(userId));
  }
}

/** Ctrl or Cmd with K, wherever one is. @param {KeyboardEvent} event */
function switchOnKey(event) {
  const wanted = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if (!wanted || event.key.toLowerCase() !== 'k') return;
  event.preventDefault();
  event.stopPropagation();
  if (!dialog.value) openDialog('switcher');
  else if (dialog.value.name === 'switcher') closeDialog();
}
