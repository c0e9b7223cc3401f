import { t } from '../core/language.js';

/** @import { Answering } from '../core/types.js' */

const variable = /^set (\S+)$/;
const command = /^install the package: (.+)$/;

/** Which model answers in the place of one that is not set up. @param {Answering | undefined} answering @returns {string} empty where the model itself answers */
export function standInNote(answering) {
  if (!answering || answering.isOwn) return '';
  const fallback = answering.answersBy === 'scripted' ? t('the script') : answering.answersBy;
  const until = answering.missing.map(conditionOf);
  if (until.length > 0 && until.every((each) => each !== null))
    return t('Using {fallback} until {conditions}.', {
      fallback,
      conditions: inOne(/** @type {string[]} */ (until)),
    });
  return t('Using {fallback}: {list}.', { fallback, list: answering.missing.join(', ') });
}

/** What to do to have a model or a provider ready. @param {string[]} missing */
export function setupNote(missing) {
  const note = t('{steps} to use it.', { steps: inOne(missing.map(stepOf)) });
  return note.charAt(0).toUpperCase() + note.slice(1);
}

/** @param {string} missing as the server says it */
function stepOf(missing) {
  const name = variable.exec(missing)?.[1];
  if (name) return t('set {name}', { name });
  const install = command.exec(missing)?.[1];
  return install ? t('run {install}', { install }) : missing;
}

/** @param {string[]} parts */
const inOne = (parts) =>
  parts.slice(1).reduce((first, second) => t('{first} and {second}', { first, second }), parts[0] ?? '');

/** What has to be true, for what the server says is to be done. @param {string} missing @returns {string | null} */
function conditionOf(missing) {
  const name = variable.exec(missing)?.[1];
  if (name) return t('{name} is set', { name });
  const install = command.exec(missing)?.[1];
  return install ? t('its package is installed ({install})', { install }) : null;
}
