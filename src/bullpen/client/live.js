// What makes the page live, loaded when its first view has been drawn.
import './ui/live-icons.js';
import { ChannelPreferences } from './channels/ChannelPreferences.js';
import { startEndings } from './channels/endings.js';
import { Composer } from './composer/Composer.js';
import { Editor } from './composer/Editor.js';
import { KeptTexts } from './composer/KeptTexts.js';
import { startOutbox } from './composer/outbox.js';
import { learnWhoReplies } from './composer/scripted-replies.js';
import { focused, hovered, parts, shownAs } from './core/late-components.js';
import { startStream } from './core/realtime/stream.js';
import { applyLive } from './core/store/reducer.js';
import { reduceWith } from './core/store/store.js';
import { startInboxCounts } from './inbox/inbox-counts.js';
import { Actions } from './messages/Actions.js';
import { CodeTools } from './messages/CodeTools.js';
import { EditNote } from './messages/EditNote.js';
import { startEdits } from './messages/edit-outbox.js';
import { FollowThread } from './messages/FollowThread.js';
import { MindLine } from './messages/MindLine.js';
import { MindSwitch } from './messages/MindSwitch.js';
import { removePreview, toggleReaction } from './messages/message-actions.js';
import { startMinds } from './messages/minds.js';
import { NoticeActions } from './messages/NoticeLine.js';
import { PartialAnswers } from './messages/PartialAnswers.js';
import { PendingNote } from './messages/PendingNote.js';
import { markRead, markThreadRead } from './messages/requests.js';
import { StoppedNote } from './messages/StoppedNote.js';
import { startKeeping } from './offline/keeping.js';
import { startPush } from './push/push.js';
import { followDismissals } from './saved/dismissed.js';
import { SavedSign } from './saved/SavedSign.js';
import { saveOnKey } from './saved/saving.js';
import { arrange, changeSection } from './shell/arrange-sidebar.js';
import { startDialogs } from './shell/dialogs.js';
import { startFollowingAgents } from './shell/follow-agents.js';
import { Layer } from './shell/Layer.js';
import { startNotifications } from './shell/notifications.js';
import { startRememberingPlaces } from './shell/recent-channels.js';
import { startWindows } from './shell/windows.js';
import { openWhyOnKey } from './why/open-why.js';
import { WhySlot } from './why/WhySlot.js';

export function start() {
  reduceWith(applyLive);
  parts.value = {
    Actions,
    ChannelPreferences,
    CodeTools,
    Composer,
    Editor,
    EditNote,
    FollowThread,
    KeptTexts,
    Layer,
    MindLine,
    MindSwitch,
    NoticeActions,
    PartialAnswers,
    PendingNote,
    SavedSign,
    StoppedNote,
    WhySlot,
    arrange,
    changeSection,
    removePreview,
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
  document.addEventListener('keydown', openWhyOnKey);
  document.addEventListener('keydown', saveOnKey);
  followDismissals();
  startEdits();
  startMinds();
  startEndings();
  startOutbox();
  startStream();
  startDialogs();
  startNotifications();
  startPush();
  startKeeping();
  startRememberingPlaces();
  startWindows();
  startFollowingAgents();
  startInboxCounts();
  learnWhoReplies();
}

/** @param {EventTarget | null} target */
function messageAt(target) {
  const row = target instanceof Element ? target.closest('[data-message-id]') : null;
  const id = /** @type {HTMLElement | null} */ (row)?.dataset.messageId;
  return id === undefined ? null : shownAs(id, row?.closest('.thread') !== null);
}
