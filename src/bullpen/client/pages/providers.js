// Which models are ready, and who answers for those that are not.
import { get } from '../app/api.js';

/** @import { Answering, Providers } from './types.js' */

/** @returns {Promise<Providers>} */
export const getProviders = () => get('/api/providers');

/** @param {Answering | undefined} answering @returns {string} empty where the model itself answers */
export function standInNote(answering) {
  if (!answering || answering.isOwn) return '';
  const who = answering.answersBy === 'scripted' ? 'by script' : `with ${answering.answersBy}`;
  return `Answers ${who} for now: ${answering.missing.join(', and ')}.`;
}
