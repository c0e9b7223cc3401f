// What is typed into the search: words, "phrases", and operators that narrow it. Pure, and tested in Node.

import { isDirect } from '../core/kinds.js';
import { t } from '../core/language.js';

/** @import { Channel, User } from '../core/types.js' */

/** @typedef {'from' | 'in' | 'has' | 'before' | 'after'} OperatorName */
/** @typedef {{ start: number, end: number, text: string }} Part  one word with its place */
/** @typedef {{ insert: string, label: string, detail: string, user?: User }} Suggestion  an operator alone waits for its value */
/** @typedef {{ me: string, users: User[], channels: { channel: Channel, title: string }[], now: Date }} Known */

/** @type {{ name: OperatorName, label: string, detail: string }[]} */
export const operators = [
  { name: 'from', label: t('From'), detail: t('From a person: from:ada, from:me') },
  { name: 'in', label: t('In'), detail: t('In a channel: in:sales') },
  { name: 'has', label: t('Has'), detail: t('A link, code, a file, a reaction or a thread: has:link') },
  { name: 'before', label: t('Before'), detail: t('A day: before:2026-03-04') },
  { name: 'after', label: t('After'), detail: t('A day: after:2026-03-04') },
];

const kinds = [
  { value: 'link', detail: t('with a link') },
  { value: 'code', detail: t('with code') },
  { value: 'file', detail: t('with a file') },
  { value: 'reaction', detail: t('that somebody reacted to') },
  { value: 'thread', detail: t('that was replied to') },
];

const days = [
  { label: t('today'), back: 0 },
  { label: t('yesterday'), back: 1 },
  { label: t('a week ago'), back: 7 },
  { label: t('a month ago'), back: 30 },
  { label: t('a year ago'), back: 365 },
];

const most = 8;

/** The word around a place; a phrase in quotes is one. @param {string} text @param {number} at @returns {Part} */
export function partAt(text, at) {
  for (const match of text.matchAll(/(?:"[^"]*"?|[^\s"])+/g)) {
    const end = match.index + match[0].length;
    if (match.index <= at && at <= end) return { start: match.index, end, text: match[0] };
  }
  return { start: at, end: at, text: '' };
}

/** @param {string} word @returns {{ name: OperatorName, value: string } | null} */
export function operatorIn(word) {
  const match = /^(from|in|has|before|after):(.*)$/is.exec(word);
  if (!match) return null;
  const [, name = '', value = ''] = match;
  return {
    name: /** @type {OperatorName} */ (name.toLowerCase()),
    value: value.replace(/^"|"$/g, '').replace(/^[@#]/, ''),
  };
}

/**
 * The text with a suggestion in the word's place, and where to go on typing.
 * @param {string} text @param {Part} part @param {string} insert
 */
export function completed(text, part, insert) {
  const rest = text.slice(part.end).trimStart();
  const gap = insert.endsWith(':') && rest === '' ? '' : ' ';
  const before = `${text.slice(0, part.start)}${insert}${gap}`;
  return { text: before + rest, caret: insert.endsWith(':') ? before.length - gap.length : before.length };
}

/** The text with an operator at its end that waits for a value. @param {string} text @param {OperatorName} name */
export function withOperator(text, name) {
  const before = text.trimEnd();
  return `${before}${before === '' ? '' : ' '}${name}:`;
}

/** @param {string} word @param {Known} known @returns {Suggestion[]} */
export function suggestionsFor(word, known) {
  const operator = operatorIn(word);
  if (!operator) {
    const typed = word.toLowerCase();
    if (typed === '') return [];
    return operators
      .filter(({ name }) => name.startsWith(typed))
      .map(({ name, detail }) => ({ insert: `${name}:`, label: `${name}:`, detail }));
  }
  const { name, value } = operator;
  return valuesOf(name, known)
    .filter((one) => matches(one, value))
    .slice(0, most);
}

/** @param {OperatorName} name @param {Known} known @returns {Suggestion[]} */
function valuesOf(name, { me, users, channels, now }) {
  if (name === 'from') {
    const others = users.filter((user) => user.id !== me);
    return [
      { insert: 'from:me', label: 'me', detail: users.find((user) => user.id === me)?.displayName ?? '' },
      ...others.map((user) => ({
        insert: `from:${user.id}`,
        label: user.displayName,
        detail: user.title,
        user,
      })),
    ];
  }
  if (name === 'in')
    return channels.map(({ channel, title }) => ({
      insert: `in:${isPlain(channel.name) && !isDirect(channel) ? channel.name : channel.id}`,
      label: title,
      detail: channel.topic,
    }));
  if (name === 'has')
    return kinds.map(({ value, detail }) => ({ insert: `has:${value}`, label: value, detail }));
  return days.map(({ label, back }) => {
    const day = dayAsWritten(new Date(now.getFullYear(), now.getMonth(), now.getDate() - back));
    return { insert: `${name}:${day}`, label: day, detail: label };
  });
}

/** @param {Suggestion} suggestion @param {string} value */
function matches({ insert, label, detail }, value) {
  const typed = value.toLowerCase();
  const given = insert.slice(insert.indexOf(':') + 1).toLowerCase();
  if (given === typed && typed !== '') return false;
  const words = `${label} ${detail}`.toLowerCase().split(/[\s#]+/);
  return (
    given.startsWith(typed) ||
    words.some((word) => word.startsWith(typed)) ||
    label.toLowerCase().startsWith(typed)
  );
}

/** Whether a name stands in a search without quotes. @param {string} name */
function isPlain(name) {
  return /^[^\s"@#]+$/.test(name);
}

/** @param {Date} date */
function dayAsWritten(date) {
  const two = (/** @type {number} */ number) => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
