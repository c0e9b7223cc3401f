import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { readEntry, writeEntry } from '../core/storage.js';
import { ranked } from './completion-words.js';
import { groupNames, loadEmoji, qualified } from './emoji.js';

/** @import { Emoji } from './emoji.js' */

const columns = 8;
const recentName = 'bullpen.emoji';
const mostRecent = 16;
const mostFound = 64;

/** @returns {string[]} */
export function recentEmoji() {
  const recent = readEntry(recentName);
  return Array.isArray(recent) ? recent.filter((one) => typeof one === 'string').map(qualified) : [];
}

/** @param {string} emoji */
export function noteEmoji(emoji) {
  writeEntry(recentName, [emoji, ...recentEmoji().filter((one) => one !== emoji)].slice(0, mostRecent));
}

/** All emoji in their groups, or those that a word finds. @param {{ anchor: DOMRect, done: (emoji: string | null) => void }} props */
export function EmojiPicker({ anchor, done }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const all = useSignal(/** @type {Emoji[] | null} */ (null));
  const failed = useSignal(false);
  const word = useSignal('');
  const named = useSignal(/** @type {Emoji | null} */ (null));

  useEffect(() => {
    loadEmoji().then(
      (emoji) => {
        all.value = emoji;
      },
      () => {
        failed.value = true;
      },
    );
  }, []);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    element.showPopover();
    place(element, anchor);
    element.querySelector('input')?.focus();
    const onToggle = (/** @type {globalThis.Event} */ event) =>
      /** @type {ToggleEvent} */ (event).newState === 'closed' && done(null);
    element.addEventListener('toggle', onToggle);
    return () => element.removeEventListener('toggle', onToggle);
  }, []);

  const groups = useMemo(
    () => groupsOf(all.value ?? [], word.value.trim().toLowerCase()),
    [all.value, word.value],
  );

  /** @param {string} emoji */
  function choose(emoji) {
    noteEmoji(emoji);
    done(emoji);
  }

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    const buttons = /** @type {HTMLElement[]} */ ([
      ...(box.current?.querySelectorAll('.picker__emoji') ?? []),
    ]);
    const inSearch = event.target instanceof HTMLInputElement;
    if (inSearch && event.key === 'Enter' && buttons[0]) {
      event.preventDefault();
      buttons[0].click();
      return;
    }
    const from = inSearch ? -1 : buttons.indexOf(/** @type {HTMLElement} */ (event.target));
    const to = target(event.key, buttons, from);
    if (to === undefined || (inSearch && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    if (to < 0) box.current?.querySelector('input')?.focus();
    else buttons[Math.min(to, buttons.length - 1)]?.focus();
  }

  return html`
    <div class="picker" popover role="dialog" aria-label=${t('Emoji')} onKeyDown=${onKeyDown} ref=${box}>
      <input
        class="picker__search"
        type="search"
        placeholder=${t('Search emoji')}
        aria-label=${t('Search emoji')}
        value=${word.value}
        onInput=${(/** @type {InputEvent} */ event) => {
          word.value = /** @type {HTMLInputElement} */ (event.target).value;
        }}
      />
      <div class="picker__scroller" aria-busy=${!all.value && !failed.value}>
        ${failed.value && html`<p class="picker__none" role="alert">${t('Couldn’t load emoji. Close this and try again.')}</p>`}
        ${all.value && groups.length === 0 && html`<p class="picker__none">${t('No results')}</p>`}
        ${groups.map(
          ({ name, emoji }, group) => html`
            <section key=${name} class="picker__group" aria-label=${name}>
              <h2 class="picker__title">${name}</h2>
              <div class="picker__grid">
                ${emoji.map(
                  (one, at) => html`
                    <button
                      key=${one.emoji}
                      class="picker__emoji"
                      type="button"
                      tabindex=${group === 0 && at === 0 ? 0 : -1}
                      aria-label=${one.name}
                      onClick=${() => choose(one.emoji)}
                      onFocus=${() => {
                        named.value = one;
                      }}
                      onPointerEnter=${() => {
                        named.value = one;
                      }}
                    >${one.emoji}</button>
                  `,
                )}
              </div>
            </section>
          `,
        )}
      </div>
      <p class="picker__named" aria-hidden="true">
        ${named.value ? html`<span class="picker__big">${named.value.emoji}</span> :${named.value.codes[0] ?? named.value.name}:` : t('Choose an emoji')}
      </p>
    </div>
  `;
}

/** @param {string} key @param {HTMLElement[]} buttons @param {number} from @returns {number | undefined} */
function target(key, buttons, from) {
  if (key === 'ArrowRight') return from + 1;
  if (key === 'ArrowLeft') return from - 1;
  if (key === 'Home') return 0;
  if (key === 'End') return buttons.length - 1;
  if (key !== 'ArrowDown' && key !== 'ArrowUp') return undefined;
  if (from === -1) return 0;
  // By what is drawn below or above it, since the last row of a group may be short.
  const here = /** @type {HTMLElement} */ (buttons[from]).getBoundingClientRect();
  const down = key === 'ArrowDown';
  const window = down
    ? buttons.slice(from + 1, from + 2 * columns + 1)
    : buttons.slice(Math.max(0, from - 2 * columns), from).toReversed();
  const found = window.find((one) => {
    const box = one.getBoundingClientRect();
    return (
      (down ? box.top > here.top + 2 : box.top < here.top - 2) &&
      (down ? box.left >= here.left - 2 : box.left <= here.left + 2)
    );
  });
  if (found) return buttons.indexOf(found);
  return down ? buttons.length - 1 : -1;
}

/** @param {Emoji[]} all @param {string} word @returns {{ name: string, emoji: Emoji[] }[]} */
function groupsOf(all, word) {
  if (all.length === 0) return [];
  if (word !== '') {
    const found = ranked(all, word, (one) => [...one.codes, one.name], {
      most: mostFound,
      tagsOf: (one) => one.tags,
    });
    return found.length > 0 ? [{ name: t('Results'), emoji: found }] : [];
  }
  const byEmoji = new Map(all.map((one) => [one.emoji, one]));
  const recent = recentEmoji().flatMap((emoji) => byEmoji.get(emoji) ?? []);
  const groups = groupNames.flatMap((name, group) =>
    name ? [{ name, emoji: all.filter((one) => one.group === group) }] : [],
  );
  return recent.length > 0 ? [{ name: t('Recent'), emoji: recent }, ...groups] : groups;
}

/** @param {HTMLElement} box @param {DOMRect} anchor */
function place(box, anchor) {
  const { width, height } = box.getBoundingClientRect();
  const gap = 8;
  const above = anchor.top - height - gap;
  const top = above > gap ? above : Math.min(anchor.bottom + gap, innerHeight - height - gap);
  box.style.top = `${Math.max(gap, top)}px`;
  box.style.left = `${Math.max(gap, Math.min(anchor.right - width, innerWidth - width - gap))}px`;
}
