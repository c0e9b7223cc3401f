import { h } from 'preact';
import { useMemo } from 'preact/hooks';
import { addressOf, addressOfAgent } from '../app/addresses.js';
import { html } from '../app/html.js';
import { isBigEmoji, namesIn, safeHref, tokensOf } from '../app/markdown.js';
import { channels, session, users } from '../app/store.js';

/** @import { MarkedToken, Token, Tokens } from 'marked' */

/** @typedef {import('preact').ComponentChild} Child */

/** Reached by Tab only within the current message; see roving.js. */
const reachable = { tabindex: -1, 'data-roving': true };

/** @param {{ text: string }} props */
export function MessageText({ text }) {
  const children = useMemo(() => (isBigEmoji(text) ? text.trim() : render(tokensOf(text))), [text]);
  const big = typeof children === 'string';
  return html`<div class=${`message-text${big ? ' message-text--big' : ''}`} dir="auto">${children}</div>`;
}

/** @param {Token[] | undefined} tokens @param {boolean} [inLink] where no other link can be @returns {Child[]} */
export function render(tokens = [], inLink = false) {
  return tokens.map((token) => element(/** @type {MarkedToken} */ (token), inLink));
}

/** @param {MarkedToken} token @param {boolean} inLink @returns {Child} */
function element(token, inLink) {
  switch (token.type) {
    case 'space':
      return null;
    case 'paragraph':
      return h('p', { dir: 'auto' }, render(token.tokens));
    case 'heading':
      return h('p', { class: 'message-text__heading', dir: 'auto' }, render(token.tokens));
    case 'blockquote':
      return h('blockquote', { dir: 'auto' }, render(token.tokens));
    case 'list':
      return list(token);
    case 'checkbox':
      return h('span', { class: 'message-text__check' }, token.checked ? '☑ ' : '☐ ');
    case 'code':
      return h('pre', { dir: 'ltr' }, h('code', null, token.text));
    case 'hr':
      return h('hr', null);
    case 'table':
      return table(token);
    case 'strong':
    case 'em':
    case 'del':
      return h(token.type, null, render(token.tokens, inLink));
    case 'codespan':
      return h('code', { dir: 'ltr' }, token.text);
    case 'br':
      return h('br', null);
    case 'link':
      return link(token.href, render(token.tokens, true), token.raw);
    case 'image':
      return link(token.href, token.text || token.href, token.raw);
    case 'text':
      return 'tokens' in token && token.tokens
        ? h('span', null, render(token.tokens, inLink))
        : inLink
          ? token.text
          : withNames(token.text);
    case 'escape':
      return token.text;
    default:
      return token.raw;
  }
}

/** People and channels that a text names lead there. @param {string} text @returns {Child[]} */
function withNames(text) {
  return namesIn(text).map(({ sign, name, raw }) =>
    sign === null ? raw : h(Name, { key: raw, sign, name, raw }),
  );
}

/** @param {{ sign: '@' | '#', name: string, raw: string }} props what names nobody stays as it was written */
function Name({ sign, name, raw }) {
  if (sign === '#') {
    const known = channels.value ?? {};
    const channel = known[name] ?? Object.values(known).find((one) => one.name === name && one.kind !== 'dm');
    if (!channel || channel.kind === 'dm') return raw;
    return h('a', { class: 'mention', href: addressOf(channel), ...reachable }, `#${channel.name}`);
  }
  const user = users.value[name] ?? users.value[name.toLowerCase()];
  if (!user) return raw;
  const mine = user.id === session.value?.userId ? ' mention--mine' : '';
  const attributes = { class: `mention${mine}`, href: addressOfAgent(user.id), dir: 'auto', ...reachable };
  return h('a', attributes, `@${user.displayName}`);
}

/** @param {Tokens.List} token */
function list(token) {
  const items = token.items.map((item) => h('li', { dir: 'auto' }, render(item.tokens)));
  return token.ordered ? h('ol', { start: Number(token.start) || 1 }, items) : h('ul', null, items);
}

/** @param {Tokens.Table} token */
function table(token) {
  /** @param {string} tag @param {Tokens.TableCell[]} cells */
  const cellsOf = (tag, cells) =>
    h(
      'tr',
      null,
      cells.map((cell) => h(tag, { dir: 'auto' }, render(cell.tokens))),
    );
  return h(
    'div',
    { class: 'message-text__table', ...reachable },
    h(
      'table',
      null,
      h('thead', null, cellsOf('th', token.header)),
      h(
        'tbody',
        null,
        token.rows.map((cells) => cellsOf('td', cells)),
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
  if (!safe) return raw;
  return h(
    'a',
    { href: safe, target: '_blank', rel: 'noopener noreferrer nofollow', ...reachable },
    children,
  );
}
