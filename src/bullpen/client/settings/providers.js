// Which models are ready, and who answers for those that are not.
import { get } from '../core/api.js';

/** @import { Answering, ModelCheck, Providers } from '../core/types.js' */

/** @returns {Promise<Providers>} */
export const getProviders = () => get('/api/providers');

/** @param {string} modelId @returns {Promise<ModelCheck>} */
export const checkModel = (modelId) => get(`/api/providers/check?modelId=${encodeURIComponent(modelId)}`);

/** @param {Answering | undefined} answering @returns {string} empty where the model itself answers */
export function standInNote(answering) {
  if (!answering || answering.isOwn) return '';
  const who = answering.answersBy === 'scripted' ? 'by script' : `with ${answering.answersBy}`;
  return `Answers ${who} for now: ${answering.missing.join(', and ')}.`;
}
