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
    return t('Using {fallback} until {list}.', { fallback, list: until.join(' and ') });
  return t('Using {fallback}: {list}.', { fallback, list: answering.missing.join(', ') });
}

/** What to do to have a model or a provider ready. @param {string[]} missing */
export function setupNote(missing) {
  const steps = missing.map((each) => each.replace(command, 'run $1')).join(' and ');
  return t('{toUpperCase}{slice} to use it.', {
    toUpperCase: steps.charAt(0).toUpperCase(),
    slice: steps.slice(1),
  });
}

/** What has to be true, for what the server says is to be done. @param {string} missing @returns {string | null} */
function conditionOf(missing) {
  const name = variable.exec(missing)?.[1];
  if (name) return t('{name} is set', { name });
  const install = command.exec(missing)?.[1];
  return install ? t('its package is installed ({install})', { install }) : null;
}
