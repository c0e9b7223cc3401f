// Which dialogs there are, and what opens them: an element with the dialog's name as `data-dialog`, or a key. A dialog's
// code is loaded when it is opened.
import { effect } from '@preact/signals';
import { go, route } from '../core/router.js';
import { addressOfMember } from '../core/store/store.js';
import { loadStyles } from '../core/stylesheets.js';
import { closeDialog, dialog, openDialog } from '../ui/dialog-state.js';

/** @import { DialogName } from '../ui/dialog-state.js' */

/** @type {Record<DialogName, () => Promise<unknown>>} */
const modules = {
  greeting: () => import('./Greeting.js').then((module) => module.Greeting),
  join: () => import('./JoinDialog.js').then((module) => module.JoinDialog),
  member: () => import('./MemberCard.js').then((module) => module.MemberCard),
  'view-as': () => import('./Switcher.js').then((module) => module.ViewAs),
  lightbox: () => import('../messages/Lightbox.js').then((module) => module.Lightbox),
  'new-channel': () => import('../channels/NewChannel.js').then((module) => module.NewChannel),
  'new-group': () => import('../channels/NewGroup.js').then((module) => module.NewGroup),
  'group-replies': () => import('../channels/GroupReplies.js').then((module) => module.GroupReplies),
  'new-agent': () => import('../agent/making/NewAgent.js').then((module) => module.NewAgent),
  channel: () => import('../channels/AboutChannel.js').then((module) => module.AboutChannel),
  channels: () => import('../channels/Channels.js').then((module) => module.Channels),
  me: () => import('../settings/StatusDialog.js').then((module) => module.StatusDialog),
  members: () => import('../channels/Members.js').then((module) => module.Members),
  people: () => import('./Switcher.js').then((module) => module.People),
  forward: () => import('../messages/ForwardDialog.js').then((module) => module.ForwardDialog),
  versions: () => import('../messages/VersionsDialog.js').then((module) => module.VersionsDialog),
  pins: () => import('../messages/PinsDialog.js').then((module) => module.PinsDialog),
  remind: () => import('../saved/RemindDialog.js').then((module) => module.RemindDialog),
  'send-later': () => import('../scheduled/SendLaterDialog.js').then((module) => module.SendLaterDialog),
  'scheduled-post': () =>
    import('../scheduled/EditScheduledDialog.js').then((module) => module.EditScheduledDialog),
  sections: () => import('./SectionsDialog.js').then((module) => module.SectionsDialog),
  'user-groups': () => import('../user-groups/UserGroups.js').then((module) => module.UserGroups),
  'user-group': () => import('../user-groups/UserGroupDialog.js').then((module) => module.UserGroupDialog),
  'new-user-group': () => import('../user-groups/NewUserGroup.js').then((module) => module.NewUserGroup),
  switcher: () => import('./Switcher.js').then((module) => module.Switcher),
};

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
    go(addressOfMember(userId));
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
