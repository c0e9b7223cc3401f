import { useSignal } from '@preact/signals';
import { h } from 'preact';
import { useMemo } from 'preact/hooks';
import { addressOf, addressOfAgent } from '../app/addresses.js';
import { foldAt } from '../app/folding.js';
import { html } from '../app/html.js';
import { drawable, isBigEmoji, namesIn, safeHref, tokensOf } from '../app/markdown.js';
import { channels, session, users } from '../app/store.js';

/** @import { Block, List, Table } from '../app/markdown-blocks.js' */
/** @import { Inline } from '../app/markdown-inlines.js' */

/** @typedef {import('preact').ComponentChild} Child */

/** Reached by Tab only within the current message; see roving.js. */
const reachable = { tabindex: -1, 'data-roving': true };

/** @param {{ text: string }} props */
export function MessageText({ text }) {
  const whole = useSignal(false);
  const fold = useMemo(() => foldAt(text), [text]);
  const shown = fold === null || whole.value ? text : text.slice(0, fold);
  const children = useMemo(() => (isBigEmoji(shown) ? shown.trim() : render(tokensOf(shown))), [shown]);
  const big = typeof children === 'string';
  return html`
    <div class=${`message-text${big ? ' message-text--big' : ''}`} dir="auto">${children}</div>
    ${
      fold !== null &&
      html`<button
        class="message-text__fold"
        type="button"
        aria-expanded=${whole.value}
        onClick=${() => {
          whole.value = !whole.value;
        }}
        ...${reachable}
      >${whole.value ? 'Show less' : 'Show more'}</button>`
    }
  `;
}

/** @param {(Block | Inline)[]} tokens @param {boolean} [inLink] where no other link can be @returns {Child[]} */
export function render(tokens, inLink = false) {
  return tokens.map((token) => element(token, inLink));
}

/** @param {Block | Inline} token @param {boolean} inLink @returns {Child} */
function element(token, inLink) {
  switch (token.type) {
    case 'paragraph':
      return h('p', { dir: 'auto' }, render(token.tokens));
    case 'heading':
      return h('p', { class: 'message-text__heading', dir: 'auto' }, render(token.tokens));
    case 'blockquote':
      return h('blockquote', { dir: 'auto' }, render(token.tokens));
    case 'list':
      return list(token);
    case 'code':
      return h('pre', { dir: 'ltr' }, h('code', null, drawable(token.text)));
    case 'hr':
      return h('hr', null);
    case 'table':
      return table(token);
    case 'strong':
    case 'em':
    case 'del':
      return h(token.type, null, render(token.tokens, inLink));
    case 'codespan':
      return h('code', { dir: 'ltr' }, drawable(token.text));
    case 'br':
      return h('br', null);
    case 'link': {
      const children = render(token.tokens, true);
      return inLink ? children : link(token.href, children, token.raw);
    }
    case 'image':
      return inLink ? drawable(token.text) : link(token.href, drawable(token.text), token.raw);
    case 'escape':
      return token.text;
    case 'text':
      return inLink ? drawable(token.raw) : withNames(token.raw);
  }
}

/** People and channels that a text names lead there. @param {string} text @returns {Child[]} */
function withNames(text) {
  return namesIn(text).map(({ sign, name, raw }) =>
    sign === null ? drawable(raw) : h(Name, { key: raw, sign, name, raw }),
  );
}

/** @param {{ sign: '@' | '#', name: string, raw: string }} props what names nobody stays as it was written */
function Name({ sign, name, raw }) {
  if (sign === '#') {
    const known = channels.value;
    const channel =
      known?.[name] ?? Object.values(known ?? {}).find((one) => one.name === name && one.kind !== 'dm');
    if (!channel || channel.kind === 'dm') return raw;
    return h('a', { class: 'mention', href: addressOf(channel), ...reachable }, `#${channel.name}`);
  }
  const user = users.value[name] ?? users.value[name.toLowerCase()];
  if (!user) return raw;
  const mine = user.id === session.value?.userId ? ' mention--mine' : '';
  const attributes = { class: `mention${mine}`, href: addressOfAgent(user.id), dir: 'auto', ...reachable };
  return h('a', attributes, `@${user.displayName}`);
}

/** Numbers are those that were typed, unless all are the same: then they count up. @param {List} token */
function list({ mark, loose, items }) {
  const ordered = mark === '.' || mark === ')';
  const first = items[0]?.number ?? 1;
  const counts = items.every(({ number }) => number === first);
  const children = items.map(({ number, checked, tokens }, at) => {
    const value =
      ordered && !counts && number !== (items[at - 1]?.number ?? number - 1) + 1 ? number : undefined;
    const box = checked === null ? null : h('span', { class: 'message-text__check' }, checked ? '☑ ' : '☐ ');
    return h(
      'li',
      { dir: 'auto', value },
      box,
      tokens.map((token) => itemPart(token, loose)),
    );
  });
  if (!ordered) return h('ul', null, children);
  return h('ol', { start: first, 'data-mark': mark === ')' ? mark : undefined }, children);
}

/** @param {Block} token @param {boolean} loose @returns {Child} */
function itemPart(token, loose) {
  return token.type === 'paragraph' && !loose ? h('span', null, render(token.tokens)) : element(token, false);
}

/** @param {Table} token */
function table({ header, rows }) {
  /** @param {string} tag @param {Inline[][]} cells */
  const cellsOf = (tag, cells) =>
    h(
      'tr',
      null,
      cells.map((cell) => h(tag, { dir: 'auto' }, render(cell))),
    );
  return h(
    'div',
    { class: 'message-text__table', ...reachable },
    h(
      'table',
      null,
      h('thead', null, cellsOf('th', header)),
      h(
        'tbody',
        null,
        rows.map((cells) => cellsOf('td', cells)),
      ),
    ),
  );
}

/**
 * Nothing is fetched from elsewhere until somebody follows the link; images are links too.
 * @param {string} href @param {import('preact').ComponentChildren} children @param {string} raw
 */
function link(href, children, raw) {
  const safe = safeHref(href);
  if (!safe) return drawable(raw);
  return h(
    'a',
    { href: safe, target: '_blank', rel: 'noopener noreferrer nofollow', ...reachable },
    children,
  );
}
