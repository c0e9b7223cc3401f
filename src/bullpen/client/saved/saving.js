// Saves messages for later. What is saved is marked when the event comes.
import { t } from '../core/language.js';
import { reasonOf } from '../core/refusals.js';
import { state } from '../core/store/store.js';
import { inlineMomentLabel } from '../core/time-format.js';
import { openDialog } from '../ui/dialog-state.js';
import { say } from '../ui/prompts.js';
import { deleteSaved, putSaved } from './requests.js';

/** @param {string} messageId */
export const isSaved = (messageId) => messageId in state.value.saved;

/** @param {string} messageId */
export async function toggleSaved(messageId) {
  const mark = state.peek().saved[messageId];
  if (!mark) {
    if (await attempt(couldNot.save, () => putSaved(messageId))) say(t('Saved for later'));
    return;
  }
  await removeSaved(messageId);
}

/** @param {string} messageId */
export async function removeSaved(messageId) {
  const { remindAt } = state.peek().saved[messageId] ?? {};
  if (!(await attempt(couldNot.remove, () => deleteSaved(messageId)))) return;
  say(t('Removed from saved messages'), () =>
    attempt(couldNot.save, () => putSaved(messageId, { ...(remindAt && { remindAt }) })),
  );
}

/** @param {string} messageId @param {Date | null} at null: no more reminder @returns {Promise<boolean>} whether it was saved */
export async function remindOf(messageId, at) {
  const done = await attempt(couldNot.remind, () =>
    putSaved(messageId, { remindAt: at?.toISOString() ?? null }),
  );
  if (done)
    say(
      at
        ? t('You’ll be reminded {time}', { time: inlineMomentLabel(at, new Date()) })
        : t('Reminder removed'),
    );
  return done;
}

/** @param {string} messageId @param {boolean} isDone */
export async function markDone(messageId, isDone) {
  if (!(await attempt(couldNot.mark, () => putSaved(messageId, { isDone })))) return;
  if (isDone) say(t('Marked as done'), () => markDone(messageId, false));
}

const couldNot = {
  save: t('Couldn’t save the message: {reason}.'),
  remove: t('Couldn’t remove the message: {reason}.'),
  remind: t('Couldn’t save the reminder: {reason}.'),
  mark: t('Couldn’t save that: {reason}.'),
};

/** @param {string} problem @param {() => Promise<unknown>} work */
async function attempt(problem, work) {
  try {
    await work();
    return true;
  } catch (error) {
    say(problem.replace('{reason}', () => reasonOf(error)));
    return false;
  }
}

/** S saves the message that has the focus, M asks when to be reminded of it. @param {KeyboardEvent} event */
export function saveOnKey(event) {
  const key = event.key.toLowerCase();
  if (!['s', 'm'].includes(key) || event.ctrlKey || event.metaKey || event.altKey) return;
  const row =
    event.target instanceof HTMLElement && event.target.matches('[data-message-id]') ? event.target : null;
  const id = row?.dataset.messageId;
  if (!id || row.matches('.message--system, .message--sending, .message--waiting, .message--failed')) return;
  event.preventDefault();
  if (key === 's') toggleSaved(id);
  else openDialog('remind', id);
}
