// The audit log's actions in words. What is not listed is shown as the server names it.
import { t } from '../core/language.js';

/** The part of an action's name before the dot. */
export const areas = [
  { area: 'person', name: t('People and sign-ins') },
  { area: 'session', name: t('Sessions') },
  { area: 'password', name: t('Passwords') },
  { area: 'totp', name: t('Two-step sign-in') },
  { area: 'user_group', name: t('User groups') },
  { area: 'invitation', name: t('Invitations') },
  { area: 'token', name: t('API tokens') },
  { area: 'agent', name: t('Agents') },
  { area: 'channel', name: t('Channels') },
  { area: 'pause', name: t('Pauses') },
  { area: 'budget', name: t('Budgets') },
  { area: 'workspace', name: t('Workspace') },
];

/** "channel.archived": "Channel archived". @param {string} action */
export function actionWords(action) {
  const text = action.replaceAll(/[._]/g, ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * The details of an entry as short facts, such as "role: member → admin".
 * @param {Record<string, unknown>} details @returns {string[]}
 */
export function detailWords(details) {
  return Object.entries(details)
    .map(([name, value]) => [wordsOf(name), valueWords(value)])
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}`);
}

/** @param {string} name */
const wordsOf = (name) =>
  name
    .replaceAll(/([A-Z])/g, ' $1')
    .replaceAll('_', ' ')
    .toLowerCase();

/** @param {unknown} value @returns {string} */
function valueWords(value) {
  if (value === null) return t('none');
  if (Array.isArray(value)) return value.map(valueWords).join(', ');
  if (typeof value === 'object') {
    const { from, to } = /** @type {{ from?: unknown, to?: unknown }} */ (value);
    if (from !== undefined || to !== undefined)
      return `${valueWords(from ?? null)} → ${valueWords(to ?? null)}`;
    return Object.entries(value)
      .map(([name, inner]) => `${wordsOf(name)} ${valueWords(inner)}`)
      .join(', ');
  }
  return String(value);
}
