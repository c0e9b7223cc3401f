/** @import { Answering } from '../core/types.js' */

/** @param {Answering | undefined} answering @returns {string} empty where the model itself answers */
export function standInNote(answering) {
  if (!answering || answering.isOwn) return '';
  const who = answering.answersBy === 'scripted' ? 'by script' : `with ${answering.answersBy}`;
  return `Answers ${who} for now: ${answering.missing.join(', and ')}.`;
}
