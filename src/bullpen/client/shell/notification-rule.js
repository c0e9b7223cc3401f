// Whether a message notifies somebody who is not looking. Pure; the cases are in tests/cases/notifications.json.

/** @import { NotificationSettings } from '../core/types.js' */

/**
 * @typedef {object} About
 * @property {boolean} isDirect a direct message to the user
 * @property {boolean} isMuted the conversation
 * @property {'all' | 'mentions' | 'nothing'} [level] what they chose for the conversation
 * @property {'name' | 'group' | 'keyword' | null} mention whether it mentions them, by name or as one of a channel, or has a keyword of theirs
 * @property {boolean} isOfThread a reply
 * @property {boolean} follows whether they follow its thread
 */

/** @param {About} about */
export function notifies({ isDirect, isMuted, level, mention, isOfThread, follows }) {
  const chosen = level ?? (isDirect && !isMuted ? 'all' : 'mentions');
  if (chosen === 'nothing') return false;
  if (mention === 'name') return true;
  // Who mutes a channel is not for being called but by name.
  if (mention !== null) return chosen === 'all' || !isMuted;
  return chosen === 'all' && (isDirect || !isOfThread || follows);
}

/**
 * Whether there are no notifications at a moment: they are paused, or it is within the hours of rest.
 * @param {NotificationSettings} settings @param {Date} now @param {string} clock what a clock in the user's zone shows, as HH:MM
 */
export function isQuiet({ pausedUntil, quietFrom, quietUntil }, now, clock) {
  if (pausedUntil && now < new Date(pausedUntil)) return true;
  if (!quietFrom || !quietUntil) return false;
  return quietFrom < quietUntil
    ? quietFrom <= clock && clock < quietUntil
    : quietFrom <= clock || clock < quietUntil;
}
