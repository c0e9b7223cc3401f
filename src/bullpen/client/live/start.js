// What makes the page live, loaded when its first view has been drawn.
import './icons.js';
import { focused, hovered, parts, shownAs } from '../app/parts.js';
import { reduceWith } from '../app/store.js';
import { Actions } from './Actions.js';
import { applyLive } from './apply.js';
import { Composer } from './Composer.js';
import { toggleReaction } from './changing.js';
import { startDialogs } from './dialogs.js';
import { EditNote } from './EditNote.js';
import { Editor } from './Editor.js';
import { startEdits } from './edits.js';
import { startEndings } from './endings.js';
import { KeptTexts } from './KeptTexts.js';
import { Layer } from './Layer.js';
import { startNotifications } from './notifications.js';
import { startOutbox } from './outbox.js';
import { PendingNote } from './PendingNote.js';
import { startRememberingPlaces } from './places.js';
import { markRead, markThreadRead } from './requests.js';
import { StoppedNote } from './StoppedNote.js';
import { learnWhoReplies } from './scripted.js';
import { startStream } from './stream.js';
import { startWindows } from './windows.js';

export function start() {
  reduceWith(applyLive);
  parts.value = {
    Actions,
    Composer,
    Editor,
    EditNote,
    KeptTexts,
    Layer,
    PendingNote,
    StoppedNote,
    toggleReaction,
    markRead,
    markThreadRead,
  };
  document.addEventListener('pointerover', (event) => {
    if (event.pointerType === 'mouse') hovered.value = messageAt(event.target);
  });
  document.addEventListener('focusin', (event) => {
    // What was opened from a message belongs to it until it is closed.
    const above = event.target instanceof Element && event.target.closest('.picker, .question');
    if (above) return;
    focused.value = messageAt(event.target);
    // A resting pointer gives way to the keyboard, so that actions are shown at one message only.
    if (event.target instanceof Element && event.target.matches(':focus-visible')) hovered.value = null;
  });
  startEdits();
  startEndings();
  startOutbox();
  startStream();
  startDialogs();
  startNotifications();
  startRememberingPlaces();
  startWindows();
  learnWhoReplies();
}

/** @param {EventTarget | null} target */
function messageAt(target) {
  const row = target instanceof Element ? target.closest('[data-message-id]') : null;
  const id = /** @type {HTMLElement | null} */ (row)?.dataset.messageId;
  return id === undefined ? null : shownAs(id, row?.closest('.thread') !== null);
}
