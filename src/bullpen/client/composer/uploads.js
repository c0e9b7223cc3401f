// Files that are being uploaded for a draft. Once they are, they are part of the draft: see drafts.js. An upload goes on
// while another conversation is shown.

import { signal } from '@preact/signals';
import { ApiError, get, send } from '../core/http.js';
import { t } from '../core/language.js';
import { reasonOf } from '../core/refusals.js';
import { sizeOf } from '../core/sizes.js';
import { upload } from '../core/upload.js';
import { filesOfDraft, setDraftFiles } from './drafts.js';
import { newId } from './outbox.js';

/** @import { Place, SentFile } from '../core/types.js' */

/**
 * @typedef {{ id: string, place: Place, file: File, share: number, problem: string, stop: AbortController }} Upload
 *   share: how much has been sent, from 0 to 1; problem: why it ended
 */

export const mostFiles = 20;
// Smaller ones are never too large.
const worthAsking = 50_000_000;

export const uploads = signal(/** @type {Upload[]} */ ([]));

/** In which order files were chosen: a small one arrives before a large one. @type {string[]} */
const chosen = [];

const nameOf = (/** @type {Place} */ place) => place.parentMessageId ?? place.channelId;

/** @param {Place} place */
export const uploadsIn = (place) => uploads.value.filter((one) => nameOf(one.place) === nameOf(place));

/** @param {Place} place @param {Iterable<File>} files @returns {string} why some were not taken */
export function addFiles(place, files) {
  const room = mostFiles - filesOfDraft(place).length - uploadsIn(place).length;
  const all = [...files];
  for (const file of all.slice(0, room)) {
    const id = newId();
    chosen.push(id);
    start(place, id, file);
  }
  return all.length > room
    ? t('A message can have {mostFiles} files. The others were left out.', { mostFiles })
    : '';
}

/** @param {Place} place @param {string} id @param {File} file */
async function start(place, id, file) {
  const stop = new AbortController();
  const one = { id, place, file, share: 0, problem: '', stop };
  uploads.value = [...uploads.peek().filter((other) => other.id !== id), one];
  try {
    if (file.size === 0) throw new ApiError(400, t('The file is empty'));
    await requireRoom(file);
    const path = `/api/files?name=${encodeURIComponent(file.name || 'file')}&id=${id}`;
    const progressed = (/** @type {number} */ share) => change(id, { share });
    const sent = await upload('POST', path, file, { progressed, signal: stop.signal });
    if (sent === null) return;
    // Those of an earlier visit come first.
    const files = [...filesOfDraft(place), sent];
    setDraftFiles(
      place,
      files.sort((one, other) => chosen.indexOf(one.id) - chosen.indexOf(other.id)),
    );
    forget(id);
  } catch (error) {
    change(id, { problem: reasonOf(error) });
  }
}

/** Asked before: a browser does not hear the refusal of a body that it is still sending. @param {File} file */
async function requireRoom(file) {
  if (file.size < worthAsking) return;
  const { largestFile } = await get('/api/files/limits');
  if (file.size > largestFile)
    throw new ApiError(413, t('It is larger than {size}, which is the limit', { size: sizeOf(largestFile) }));
}

/** @param {string} id @param {Partial<Upload>} values */
function change(id, values) {
  uploads.value = uploads.peek().map((one) => (one.id === id ? { ...one, ...values } : one));
}

/** @param {string} id */
function forget(id) {
  uploads.value = uploads.peek().filter((one) => one.id !== id);
}

/** @param {Upload} one */
export function cancelUpload(one) {
  one.stop.abort();
  forget(one.id);
}

/** Under the same id, so that what has arrived already is not stored twice. @param {Upload} one */
export const retryUpload = ({ place, id, file }) => start(place, id, file);

/** @param {Place} place @param {SentFile} file */
export function removeFile(place, file) {
  setDraftFiles(
    place,
    filesOfDraft(place).filter((one) => one.id !== file.id),
  );
  // If that fails, the server removes it by itself.
  send('DELETE', `/api/files/${file.id}`).catch(() => {});
}
