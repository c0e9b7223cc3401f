// What may be written at the beginning of a message to do something instead of posting it. Pure, and tested in Node.
import { t } from '../core/language.js';
import { fromLocalInputIn, localInputIn, tomorrowMorning } from '../core/zoned-times.js';

/** @typedef {{ name: string, usage: string, detail: string, onlyInChannels?: boolean }} Command */

/** @type {Command[]} */
export const commands = [
  {
    name: 'topic',
    usage: '/topic text',
    detail: t('Change the topic of this channel'),
    onlyInChannels: true,
  },
  { name: 'invite', usage: '/invite @name', detail: t('Add members to this channel'), onlyInChannels: true },
  { name: 'remind', usage: '/remind in 20 minutes', detail: t('Be reminded of the newest message here') },
  {
    name: 'agent',
    usage: '/agent @name',
    detail: t('Open an agent’s page, or ask it what follows the name'),
  },
  { name: 'pause', usage: '/pause reason', detail: t('Pause all agents in this conversation') },
];

/** @typedef {{ kind: 'text', text: string } | { kind: 'command', command: Command, rest: string } | { kind: 'other', name: string, text: string }} Read  other: of an agent, or of nobody */

/** A path such as /usr/bin is text, and so is all that begins with two slashes: it is posted with one. @param {string} text @returns {Read} */
export function readCommand(text) {
  if (text.startsWith('//')) return { kind: 'text', text: text.slice(1) };
  const match = /^\/(\p{L}[\p{L}\p{N}_-]*)(?:\s+(.*))?$/su.exec(text);
  if (!match) return { kind: 'text', text };
  const [, name = '', rest = ''] = match;
  const command = commands.find((one) => one.name === name.toLowerCase());
  return command ? { kind: 'command', command, rest: rest.trim() } : { kind: 'other', name, text };
}

/** @param {string} name */
export const unknownCommand = (name) =>
  t(
    'There is no command /{name}. Type / to see the commands. To post this text, begin it with two slashes.',
    { name },
  );

const minutesOf = { m: 1, h: 60, d: 24 * 60 };

/**
 * "in 20 minutes", "2h", "tomorrow", "tomorrow at 15:30", "15:30" or "2030-01-02 9:00", on a clock in the zone.
 * @param {string} text @param {Date} now @param {string} zone @returns {Date | null} null where it is no time
 */
export function momentIn(text, now, zone) {
  const said = text
    .toLowerCase()
    .replace(/^me\s+/, '')
    .replace(/\s+/g, ' ')
    .trim();
  const span = /^(?:in )?(\d{1,4}|an?) ?(m|min|mins|minutes?|h|hours?|d|days?)$/.exec(said);
  if (span) {
    const [, count = '', unit = ''] = span;
    const minutes = minutesOf[/** @type {'m' | 'h' | 'd'} */ (unit.charAt(0))];
    return new Date(now.getTime() + (count.startsWith('a') ? 1 : Number(count)) * minutes * 60_000);
  }
  if (said === 'tomorrow') return tomorrowMorning(now, zone);
  const clock = /^(?:(tomorrow|today|\d{4}-\d\d-\d\d)(?: at)? |at )?(\d{1,2}):(\d\d)$/.exec(said);
  if (!clock) return null;
  const [, day = 'today', hour = '', minute = ''] = clock;
  const dates = {
    today: localInputIn(now, zone).slice(0, 10),
    tomorrow: localInputIn(tomorrowMorning(now, zone), zone).slice(0, 10),
  };
  const date = day === 'today' || day === 'tomorrow' ? dates[day] : day;
  return fromLocalInputIn(`${date}T${hour.padStart(2, '0')}:${minute}`, zone);
}
