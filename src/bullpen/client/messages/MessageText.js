import { useSignal } from '@preact/signals';
import { h } from 'preact';
import { useMemo } from 'preact/hooks';
import { addressOf } from '../core/addresses.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { addressOfMember, channels, session, users } from '../core/store/store.js';
import { membersLabel } from '../core/store/user-groups.js';
import { CodeBlock } from './CodeBlock.js';
import { foldAt } from './folding.js';
import { drawable, isBigEmoji, safeHref, tokensOf } from './markdown/markdown.js';
import { channelNames, userGroupOf, userNames } from './mentionable.js';
import { groups, mentionsIn } from './mentions.js';
import { piecesOfText, portionsOf } from './portions.js';
import { hashes } from './prose.js';

/** @import { Block, List, Table } from './markdown/blocks.js' */
/** @import { Inline } from './markdown/inlines.js' */
/** @import { Mention } from './mentions.js' */

/** @typedef {import('preact').ComponentChild} Child */

/** Reached by Tab only within the current message; see roving.js. */
const reachable = { tabindex: -1, 'data-roving': true };

/** @param {{ text: string, notifies?: boolean }} props notifies: whether `@channel` and `@here` mean something in it */
export function MessageText({ text, notifies = false }) {
  const whole = useSignal(false);
  const fold = useMemo(() => foldAt(text), [text]);
  const shown = fold === null || whole.value ? text : text.slice(0, fold);
  const mentions = useMemo(
    () =>
      mentionsOf(text, userNames.value, channelNames.value).filter(
        ({ sign, id }) => notifies || sign === '#' || !groups.includes(id),
      ),
    [text, userNames.value, channelNames.value, notifies],
  );
  const children = useMemo(
    () => (isBigEmoji(shown) ? shown.trim() : render(tokensOf(shown), mentions)),
    [shown, mentions],
  );
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
      >${whole.value ? t('Show less') : t('Show more')}</button>`
    }
  `;
}

/** @typedef {Mention & { sign: '@' | '#' }} Link */

/**
 * People and channels that a text names, in the order of the text.
 * @param {string} text @param {import('./mentions.js').Trie} people @param {import('./mentions.js').Trie} rooms
 * @returns {Link[]}
 */
export function mentionsOf(text, people, rooms) {
  const users = mentionsIn(text, people).map((one) => ({ ...one, sign: /** @type {const} */ ('@') }));
  const channels = mentionsIn(text, rooms, hashes).map((one) => ({
    ...one,
    sign: /** @type {const} */ ('#'),
  }));
  return [...users, ...channels].sort((a, b) => a.start - b.start);
}

/** @param {(Block | Inline)[]} tokens @param {Link[]} [mentions] none where no other link can be @returns {Child[]} */
export function render(tokens, mentions = []) {
  return tokens.flatMap((token) => element(token, mentions));
}

/** What stands in one paragraph, or in a cell. @param {Inline[]} tokens @param {Link[]} mentions @returns {Child[]} */
function flow(tokens, mentions) {
  const portions = portionsOf(tokens);
  if (portions.length === 1) return render(tokens, mentions);
  return portions.map((part) => h('span', { class: 'message-text__portion' }, render(part, mentions)));
}

/** @param {string} text @returns {Child[]} */
function lines(text) {
  const pieces = piecesOfText(text);
  if (pieces.length === 1) return [drawable(text)];
  return pieces.map((piece) =>
    h('span', { class: 'message-text__portion' }, drawable(piece.replace(/\n$/, ''))),
  );
}

/** @param {Block | Inline} token @param {Link[]} mentions @param {boolean} [inLink] @returns {Child | Child[]} */
function element(token, mentions, inLink = false) {
  switch (token.type) {
    case 'paragraph':
      return h('p', { dir: 'auto' }, flow(token.tokens, mentions));
    case 'heading':
      return h('p', { class: 'message-text__heading', dir: 'auto' }, flow(token.tokens, mentions));
    case 'blockquote':
      return h('blockquote', { dir: 'auto' }, render(token.tokens, mentions));
    case 'list':
      return list(token, mentions);
    case 'code':
      return h(CodeBlock, token, lines(token.text));
    case 'hr':
      return h('hr', null);
    case 'table':
      return table(token, mentions);
    case 'strong':
    case 'em':
    case 'del':
      return h(
        token.type,
        null,
        token.tokens.flatMap((one) => element(one, mentions, inLink)),
      );
    case 'codespan':
      return h('code', { dir: 'ltr' }, drawable(token.text));
    case 'br':
      return h('br', null);
    case 'link': {
      const children = token.tokens.flatMap((one) => element(one, mentions, true));
      return inLink ? children : link(token.href, children, token.raw);
    }
    case 'image':
      return inLink ? drawable(token.text) : link(token.href, drawable(token.text), token.raw);
    case 'escape':
      return token.text;
    case 'text':
      return inLink ? drawable(token.raw) : withNames(token.raw, token.at, mentions);
  }
}

/**
 * People and channels that a text names lead there.
 * @param {string} raw @param {number} at where it stands in the message, -1 for nowhere @param {Link[]} mentions @returns {Child[]}
 */
function withNames(raw, at, mentions) {
  const children = [];
  let from = 0;
  for (const { start, end, sign, id } of at < 0 ? [] : within(mentions, at, at + raw.length)) {
    if (start - at > from) children.push(drawable(raw.slice(from, start - at)));
    from = end - at;
    const written = drawable(raw.slice(start - at, from));
    children.push(h(Name, { key: `${start}`, sign, id, raw: written }));
  }
  if (from < raw.length) children.push(drawable(raw.slice(from)));
  return children;
}

/** Those of an ordered list that lie between two places. @param {Link[]} mentions @param {number} start @param {number} end */
function within(mentions, start, end) {
  let low = 0;
  let high = mentions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((mentions[middle]?.start ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  let after = low;
  while ((mentions[after]?.end ?? Number.POSITIVE_INFINITY) <= end) after += 1;
  return mentions.slice(low, after);
}

/** @param {{ sign: '@' | '#', id: string, raw: string }} props */
function Name({ sign, id, raw }) {
  if (sign === '#') {
    const channel = channels.value?.[id];
    if (!channel) return raw;
    return h('a', { class: 'mention', href: addressOf(channel), ...reachable }, `#${channel.name}`);
  }
  if (groups.includes(id)) return h('span', { class: 'mention mention--mine' }, id);
  const group = userGroupOf(id);
  if (group) return h(UserGroupName, { group });
  const user = users.value[id];
  if (!user) return raw;
  const mine = user.id === session.value?.userId ? ' mention--mine' : '';
  const attributes = { class: `mention${mine}`, href: addressOfMember(user.id), dir: 'auto', ...reachable };
  return h('a', attributes, `@${user.displayName}`);
}

/** Opens what the group is and who is in it. @param {{ group: import('../core/types.js').UserGroup }} props */
function UserGroupName({ group }) {
  const mine = group.memberIds.includes(session.value?.userId ?? '') ? ' mention--mine' : '';
  const attributes = {
    class: `mention mention--group${mine}`,
    type: 'button',
    dir: 'auto',
    'aria-haspopup': 'dialog',
    'data-dialog': 'user-group',
    'data-about': group.id,
    'data-tip': membersLabel(group),
    ...(group.description && { 'data-tip-more': group.description }),
  };
  return h('button', { ...attributes, ...reachable }, `@${group.handle}`);
}

/** Numbers are those that were typed, unless all are the same: then they count up. @param {List} token @param {Link[]} mentions */
function list({ mark, loose, items }, mentions) {
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
      tokens.flatMap((token) => itemPart(token, loose, mentions)),
    );
  });
  if (!ordered) return h('ul', null, children);
  return h('ol', { start: first, 'data-mark': mark === ')' ? mark : undefined }, children);
}

/** @param {Block} token @param {boolean} loose @param {Link[]} mentions @returns {Child | Child[]} */
function itemPart(token, loose, mentions) {
  const isPlain = token.type === 'paragraph' && !loose;
  return isPlain ? h('span', null, flow(token.tokens, mentions)) : element(token, mentions);
}

/** @param {Table} token @param {Link[]} mentions */
function table({ header, rows }, mentions) {
  /** @param {string} tag @param {Inline[][]} cells */
  const cellsOf = (tag, cells) =>
    h(
      'tr',
      null,
      cells.map((cell) => h(tag, { dir: 'auto' }, flow(cell, mentions))),
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
