// Keeps what is typed into an editor, and what was saved there until the server has it: over a reload, in all windows.

import { batch, computed, effect, untracked } from '@preact/signals';
import { getMessage } from '../core/api.js';
import { ApiError } from '../core/http.js';
import { editing, shownAs } from '../core/late-components.js';
import { leavingEntries } from '../core/leaving-entries.js';
import { isAway, reasonOf } from '../core/refusals.js';
import { route } from '../core/router.js';
import {
  keyOf,
  keysOf,
  onOtherWindow,
  partsOf,
  readEntry,
  removeEntry,
  writeEntry,
} from '../core/storage.js';
import { onEvent } from '../core/store/event-bus.js';
import { channels, dispatch, session, state } from '../core/store/store.js';
import { editMessage } from './requests.js';
import { edits } from './unsaved-edits.js';

/** @import { Edit } from './unsaved-edits.js' */
/** @import { LogEvent, Message, ThreadReply } from '../core/types.js' */

const name = 'edit';

/** @param {{ userId: string, messageId: string }} edit */
const keyOfEdit = ({ userId, messageId }) => keyOf(name, userId, messageId);

/** @param {string} [userId] @returns {Edit[]} */
function keptEdits(userId) {
  return keysOf(name, ...(userId === undefined ? [] : [userId]))
    .map((key) => readEntry(key))
    .filter((one) => typeof one?.messageId === 'string');
}

/** @type {ReturnType<typeof leavingEntries<Edit>>} */
const leaving = leavingEntries(show);

function show() {
  const userId = session.peek()?.userId;
  const kept = userId === undefined ? [] : keptEdits(userId);
  const left = leaving.besides(new Set(kept.map(({ messageId }) => messageId)));
  const mine = [...kept, ...left.filter((edit) => edit.userId === userId)];
  edits.value = Object.fromEntries(mine.map((edit) => [edit.messageId, edit]));
}

/** @param {Edit} edit @param {Partial<Edit>} [values] */
function keep(edit, values = {}) {
  writeEntry(keyOfEdit(edit), { ...edit, ...values });
  show();
}

/** @param {string} messageId */
export function dropEdit(messageId) {
  const edit = edits.peek()[messageId];
  if (!edit) return;
  leaving.drop(messageId);
  removeEntry(keyOfEdit(edit));
  show();
}

/** @param {Message | ThreadReply} message @param {string} channelId @param {string} text @param {'writing' | 'sending'} status */
export function keepEdit(message, channelId, text, status) {
  const userId = session.peek()?.userId;
  if (userId === undefined) return;
  if (text === message.text) return dropEdit(message.id);
  const parentMessageId = 'parentMessageId' in message ? (message.parentMessageId ?? null) : null;
  const place = { messageId: message.id, userId, channelId, parentMessageId };
  keep({ ...place, before: message.text, text, status, error: '' });
}

/**
 * Sends what was saved; to be called while no other window does.
 * @param {<T>(send: (signal: AbortSignal) => Promise<T>) => Promise<T>} attempt
 * @param {string | undefined} sender whose; undefined: everybody's
 * @returns {Promise<boolean>} whether nothing waits for a connection
 */
export async function sendEdits(attempt, sender) {
  for (const edit of keptEdits(sender)) {
    if (edit.status !== 'sending' && edit.status !== 'waiting') continue;
    const { messageId, channelId, parentMessageId, text, userId } = edit;
    try {
      await attempt((signal) => editMessage(messageId, text, userId, signal));
      batch(() => {
        if (session.peek()?.userId === userId)
          dispatch({ type: 'message.edited', messageId, channelId, parentMessageId, text });
        // Not what was typed meanwhile.
        if (readEntry(keyOfEdit(edit))?.text === text) removeEntry(keyOfEdit(edit));
        show();
      });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (isAway(error)) {
        keep(edit, { status: 'waiting' });
        return false;
      }
      keep(edit, { status: error.status === 404 ? 'gone' : 'failed', error: `${reasonOf(error)}.` });
    }
  }
  return true;
}

export function startEdits() {
  const me = computed(() => session.value?.userId);
  effect(() => {
    me.value;
    untracked(show);
  });
  onOtherWindow((key) => {
    if (key !== null && !key.startsWith(`${keyOf(name)}:`)) return;
    if (key !== null && readEntry(key) === null) {
      const edit = edits.peek()[partsOf(key)[1] ?? ''];
      if (edit?.status === 'sending' || edit?.status === 'waiting') leaving.keep(edit.messageId, edit);
    }
    show();
  });
  onEvent((event) => {
    if (event.type === 'message.updated' && leaving.drop(event.message.id)) show();
    for (const edit of Object.values(edits.peek())) if (ends(event, edit)) keep(edit, { status: 'gone' });
  });
  const place = computed(() => {
    const here = route.value;
    return here.view === 'channel' && channels.value?.[here.channelId] ? here.channelId : null;
  });
  effect(() => {
    me.value;
    const channelId = place.value;
    if (channelId !== null) untracked(() => goOn(channelId));
  });
}

/** @param {LogEvent} event @param {Edit} edit whether the message is gone with what was deleted */
function ends(event, { messageId, parentMessageId, channelId }) {
  if (event.type === 'channel.deleted') return event.channel.id === channelId;
  return (
    event.type === 'message.deleted' && (event.messageId === messageId || event.messageId === parentMessageId)
  );
}

/** Opens the edits of a channel again when the user comes back to it. @param {string} channelId */
function goOn(channelId) {
  const here = Object.values(edits.peek()).filter((edit) => edit.channelId === channelId);
  const begun = here.findLast((edit) => edit.status === 'writing');
  if (begun && editing.peek() === null)
    editing.value = shownAs(begun.messageId, begun.parentMessageId !== null);
  for (const edit of here) if (edit.status !== 'gone' && !isShown(edit)) check(edit);
}

/** @param {Edit} edit */
function isShown({ messageId, channelId, parentMessageId }) {
  const { messages, threads } = state.peek();
  const page = parentMessageId === null ? messages[channelId] : threads[parentMessageId]?.replies;
  return page?.items.some((/** @type {{ id: string }} */ item) => item.id === messageId) ?? false;
}

/** It may have been deleted while nobody was here to hear of it. @param {Edit} edit */
async function check(edit) {
  try {
    await getMessage(edit.messageId);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) keep(edit, { status: 'gone' });
  }
}
