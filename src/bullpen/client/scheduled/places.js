/** @import { Place } from '../core/types.js' */

/** A place as one text, for a dialog. @param {Place} place */
export const textOf = ({ channelId, parentMessageId }) => JSON.stringify([channelId, parentMessageId]);

/** @param {string} text @returns {Place} */
export function placeIn(text) {
  const [channelId, parentMessageId] = JSON.parse(text);
  return { channelId, parentMessageId };
}
