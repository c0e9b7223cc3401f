import { useSignal } from '@preact/signals';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { isDirect } from '../core/kinds.js';
import { t } from '../core/language.js';
import { compareNames } from '../core/name-order.js';
import { channels, members, state, titleOf } from '../core/store/store.js';
import { membersLabel } from '../core/store/user-groups.js';
import { AgentBadge } from '../ui/AgentBadge.js';
import { Avatar } from '../ui/Avatar.js';
import { Icon } from '../ui/Icon.js';
import { askingText, offeredIn } from './agent-commands.js';
import { commands } from './commands.js';
import { begunIn, ranked } from './completion-words.js';
import { loadEmoji } from './emoji.js';
import { emojiOf, shortcodeBefore } from './shortcodes.js';
import { put, selectionOf } from './textarea.js';

/** @import { Brought } from './agent-commands.js' */
/** @import { Command } from './commands.js' */
/** @import { Begun, Choice } from './completion-words.js' */
/** @import { Shortcode } from './shortcodes.js' */
/** @import { Channel, User, UserGroup } from '../core/types.js' */

const mostChoices = 8;
const mostCommands = 50;
const titles = { '@': t('Members'), '#': t('Channels'), ':': t('Emoji'), '/': t('Commands') };

/**
 * Names of people, channels and emoji, offered above a text as they are written.
 * @param {{ current: HTMLTextAreaElement | null }} area
 * @param {Channel} channel whose members come first
 * @param {{ withCommands?: boolean, withGroups?: boolean }} [options] not for a message that is there already
 */
export function useCompletion(area, channel, { withCommands = false, withGroups = false } = {}) {
  const id = useId();
  const choices = useSignal(/** @type {Choice[]} */ ([]));
  const begun = useSignal(/** @type {Begun | null} */ (null));
  const at = useSignal(0);
  const dismissed = useSignal(/** @type {number | null} */ (null));
  const shortcodes = useRef(/** @type {Shortcode[]} */ ([]));
  const replacing = useRef(/** @type {Promise<void> | null} */ (null));

  useLayoutEffect(() => {
    document.getElementById(`${id}-${at.value}`)?.scrollIntoView({ block: 'nearest' });
  }, [at.value]);

  async function look() {
    const element = area.current;
    if (!element || document.activeElement !== element || element.selectionStart !== element.selectionEnd)
      return close();
    const now = begunIn(element.value.slice(0, element.selectionStart), withCommands);
    if (!now) {
      dismissed.value = null;
      return close();
    }
    if (dismissed.peek() === now.from) return;
    const known = begun.peek();
    if (known && known.from === now.from && known.word === now.word) return;
    begun.value = now;
    const found = await choicesFor(now, channel, withGroups);
    if (begun.peek() !== now) return;
    choices.value = found;
    at.value = 0;
  }

  /** @param {InputEvent} event */
  function onInput(event) {
    look();
    const typed = event.inputType?.startsWith('insert') && /[:：]$/.test(event.data ?? '');
    if (!typed || !area.current) return;
    const found = shortcodeBefore(area.current.value.slice(0, area.current.selectionStart));
    if (!found) return;
    shortcodes.current.push(found);
    const done = replaceShortcode(found).finally(() => {
      shortcodes.current = shortcodes.current.filter((other) => other !== found);
      if (replacing.current === done) replacing.current = null;
    });
    replacing.current = done;
  }

  /** @param {Shortcode} found */
  async function replaceShortcode(found) {
    const emoji = await emojiOf(found.code);
    const element = area.current;
    if (!emoji || !element || document.activeElement !== element) return;
    const { text, start, end } = selectionOf(element);
    const { from } = found;
    const to = from + found.code.length + 2;
    // If it was changed meanwhile, it was not wanted; what was typed after it stays.
    if (start < to || text.slice(from + 1, to - 1).toLowerCase() !== found.code) return;
    const moved = from + emoji.length - to;
    for (const later of shortcodes.current) if (later.from > from) later.from += moved;
    put(element, {
      text: text.slice(0, from) + emoji + text.slice(to),
      start: start + moved,
      end: end + moved,
    });
  }

  function close() {
    begun.value = null;
    choices.value = [];
  }

  /** @param {Choice} choice */
  function choose(choice) {
    const element = area.current;
    const now = begun.peek();
    if (!element || !now) return;
    const { text, end } = selectionOf(element);
    const insert = `${choice.insert} `;
    const rest = text.slice(end).replace(/^ /, '');
    const caret = now.from + insert.length;
    close();
    put(element, { text: text.slice(0, now.from) + insert + rest, start: caret, end: caret });
  }

  /** @param {Choice | undefined} choice whether it stands there already */
  function isWhole(choice) {
    const { value = '', selectionStart = 0 } = area.current ?? {};
    return value.slice(begun.peek()?.from ?? 0, selectionStart) === choice?.insert;
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether the key was for the list */
  function onKeyDown(event) {
    const all = choices.peek();
    if (all.length === 0 || event.ctrlKey || event.metaKey || event.altKey) return false;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const chosen = all[at.peek()];
    if (event.key === 'Enter' && isWhole(chosen)) {
      // There is nothing left to complete: what is written is to be sent.
      close();
      return false;
    }
    if (step !== 0) at.value = (at.peek() + step + all.length) % all.length;
    else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey && chosen) choose(chosen);
    else if (event.key === 'Escape') {
      dismissed.value = begun.peek()?.from ?? null;
      close();
    } else return false;
    event.preventDefault();
    return true;
  }

  const open = choices.value.length > 0;
  const kind = begun.value?.kind ?? '@';
  return {
    look: () => void look(),
    onInput,
    /** Resolves when what is written is as it will stay; null where it does already. */
    settled: () => replacing.current,
    close,
    onKeyDown,
    aria: {
      'aria-autocomplete': 'list',
      'aria-haspopup': 'listbox',
      'aria-expanded': undefined,
      'aria-controls': open ? id : undefined,
      'aria-activedescendant': open ? `${id}-${at.value}` : undefined,
    },
    list:
      open &&
      html`
        <div class="completion" role="listbox" id=${id} aria-label=${titles[kind]}>
          ${choices.value.map(
            (choice, index) => html`
              <div
                key=${choice.key}
                class="completion__choice"
                role="option"
                id=${`${id}-${index}`}
                aria-selected=${index === at.value}
                onMouseDown=${(/** @type {MouseEvent} */ event) => event.preventDefault()}
                onClick=${() => choose(choice)}
                onPointerMove=${() => {
                  at.value = index;
                }}
              >
                <span class="completion__symbol">${choice.symbol}</span>
                <span class="completion__name" dir="auto">${choice.name}</span>
                ${choice.user && html`<${AgentBadge} user=${choice.user} />`}
                <span class="completion__detail" dir="auto">${choice.detail}</span>
              </div>
            `,
          )}
        </div>
      `,
  };
}

/** @param {Begun} begun @param {Channel} channel @param {boolean} withGroups @returns {Promise<Choice[]>} */
async function choicesFor({ kind, word }, channel, withGroups) {
  if (kind === '@') {
    const inside = new Set(channel.memberIds);
    const people = members.peek().toSorted((a, b) => Number(inside.has(b.id)) - Number(inside.has(a.id)));
    const found = ranked(people, word, (user) => [user.id, user.displayName]).map(personChoice);
    const groups = withGroups && word !== '' ? ranked(groupChoices(channel), word, (one) => one.words) : [];
    const own = Object.values(state.peek().userGroups).toSorted((a, b) => compareNames(a.handle, b.handle));
    const userGroups = word === '' ? [] : ranked(own, word, (one) => [one.handle]).map(userGroupChoice);
    return [...groups, ...userGroups, ...found].slice(0, mostChoices);
  }
  if (kind === '#') {
    const rooms = Object.values(channels.peek() ?? {}).filter((one) => !isDirect(one));
    return ranked(rooms, word, (one) => [one.name]).map(channelChoice);
  }
  if (kind === '/') {
    const possible = commands.filter((one) => !isDirect(channel) || !one.onlyInChannels);
    const offered = [...possible.map(commandChoice), ...offeredIn(channel).map(broughtChoice)];
    return ranked(offered, word, (one) => [one.word], { most: mostCommands });
  }
  const all = await loadEmoji().catch(() => []);
  return ranked(all, word, (one) => one.codes, { tagsOf: (one) => one.tags }).map((one) => ({
    key: one.emoji,
    insert: one.emoji,
    name: `:${one.codes[0] ?? one.name}:`,
    detail: one.name,
    symbol: one.emoji,
  }));
}

/** Also found by what other programs call them. @param {Channel} channel */
function groupChoices(channel) {
  const symbol = html`<${Icon} name="users" size=${16} />`;
  const room = titleOf(channel);
  return [
    {
      words: ['channel', 'everyone', 'all'],
      insert: '@channel',
      detail: t('Notify everybody in {room}', { room }),
    },
    { words: ['here'], insert: '@here', detail: t('Notify those in {room} who have Bullpen open', { room }) },
  ].map((one) => ({ ...one, key: one.insert, name: one.insert, symbol }));
}

/** @param {UserGroup} group @returns {Choice} */
function userGroupChoice(group) {
  const symbol = html`<${Icon} name="users" size=${16} />`;
  const insert = `@${group.handle}`;
  const detail = [membersLabel(group), group.description].filter(Boolean).join(' · ');
  return { key: `group ${group.id}`, insert, name: insert, detail, symbol };
}

/** @param {Command} command */
function commandChoice({ name, usage, detail }) {
  return { word: name, key: name, insert: `/${name}`, name: usage, detail, symbol: '/' };
}

/** Two agents may have the same: their names tell them apart. @param {Brought} brought */
function broughtChoice(brought) {
  const { agent, command } = brought;
  return {
    word: command.name,
    key: `${agent.id} ${command.name}`,
    insert: askingText(brought),
    name: `/${command.name} ${command.hint}`.trim(),
    detail: `${agent.displayName} · ${command.description}`,
    symbol: html`<${Avatar} user=${agent} size=${24} />`,
  };
}

/** @param {User} user @returns {Choice} */
function personChoice(user) {
  const symbol = html`<${Avatar} user=${user} size=${24} presence />`;
  return { key: user.id, insert: `@${user.id}`, name: user.displayName, detail: user.title, symbol, user };
}

/** @param {Channel} channel @returns {Choice} */
function channelChoice(channel) {
  const symbol = html`<${Icon} name=${channel.kind === 'private' ? 'lock' : 'hash'} size=${16} />`;
  const insert = /^[\p{L}\p{N}_.-]+$/u.test(channel.name) ? `#${channel.name}` : `#${channel.id}`;
  return { key: channel.id, insert, name: titleOf(channel), detail: channel.topic, symbol };
}
