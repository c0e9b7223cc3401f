import { sentence, t } from '../core/language.js';
import '../ui/page-icons.js';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { addressOfInbox } from '../core/addresses.js';
import { archived, loadArchived } from '../core/archived.js';
import { html } from '../core/html.js';
import { loadUnknownUsers } from '../core/loading.js';
import { reasonOf } from '../core/refusals.js';
import { query, replace } from '../core/router.js';
import { channels, dispatch, state } from '../core/store/store.js';
import { useEvents } from '../core/store/use-events.js';
import { MenuButton } from '../shell/Header.js';
import { Empty } from '../ui/Empty.js';
import { Icon } from '../ui/Icon.js';
import { More } from '../ui/More.js';
import { Failed } from '../ui/Notice.js';
import { say } from '../ui/prompts.js';
import { MessagesSkeleton } from '../ui/Skeleton.js';
import { usePages } from '../ui/use-loaded.js';
import { InboxRow } from './InboxRow.js';
import { changesList, keyOf } from './inbox-items.js';
import { getInbox, markAllRead, markItem } from './requests.js';
import { useTriage } from './use-triage.js';

/** @import { InboxItem, InboxKind } from '../core/types.js' */

/** @type {{ kind: InboxKind | null, name: string }[]} */
const filters = [
  { kind: null, name: t('All') },
  { kind: 'thread', name: t('Threads') },
  { kind: 'mention', name: t('Mentions') },
  { kind: 'reaction', name: t('Reactions') },
];

/** @param {InboxKind | null} kind @param {boolean} unread */
function emptyWords(kind, unread) {
  if (unread) return { title: t('You’re all caught up'), text: t('Nothing here is unread.') };
  const texts = {
    thread: t('Replies in threads that you began, replied in or are mentioned in appear here.'),
    mention: t('Messages that mention you appear here.'),
    reaction: t('Reactions to your messages appear here.'),
  };
  return {
    title: t('Nothing here yet'),
    text:
      kind === null
        ? t('Replies in threads that you follow, mentions of you and reactions to your messages appear here.')
        : texts[kind],
  };
}

/** Replies in followed threads, mentions and reactions, newest first, to be gone through by keyboard. */
export function InboxPage() {
  const kind = filters.find((one) => one.kind === query.value.get('kind'))?.kind ?? null;
  const unread = query.value.get('unread') === 'true';
  const pages = usePages(`inbox:${kind}:${unread}`, (/** @type {string | undefined} */ before) =>
    getInbox({ kind, unread }, before),
  );
  const items = pages.items ?? [];
  const marking = useSignal(false);
  useEvents(
    (event) => changesList(event, state.peek(), items),
    () => pages.refresh(keyOf),
  );
  const list = useTriage({ keys: items.map(keyOf), toggle, markAll });

  useEffect(() => {
    loadUnknownUsers(
      items.flatMap(({ userId, reactions = [] }) => [userId, ...reactions.flatMap((one) => one.userIds)]),
    );
    for (const { channelId } of items)
      if (channels.peek()?.[channelId] === undefined && archived.peek()[channelId] === undefined)
        loadArchived(channelId);
  }, [pages.items]);

  /** @param {string} key */
  function toggle(key) {
    const item = items.find((one) => keyOf(one) === key);
    if (item) mark(item, item.isUnread);
  }

  /** Shown at once, and taken back where the server refuses it. @param {InboxItem} item @param {boolean} isRead */
  async function mark(item, isRead) {
    const set = (/** @type {boolean} */ isUnread) =>
      pages.set((now) => now.map((one) => (keyOf(one) === keyOf(item) ? marked(one, isUnread) : one)));
    set(!isRead);
    try {
      dispatch({ type: 'inbox', inbox: await markItem(item, isRead) });
    } catch (error) {
      set(isRead);
      const reason = reasonOf(error);
      say(
        isRead
          ? t('Couldn’t mark this as read: {reason}.', { reason })
          : t('Couldn’t mark this as unread: {reason}.', { reason }),
      );
    }
  }

  async function markAll() {
    if (marking.peek()) return;
    marking.value = true;
    try {
      dispatch({ type: 'inbox', inbox: await markAllRead(kind) });
      await pages.refresh(keyOf);
      pages.set((now) => now.map((one) => marked(one, false)));
      say(t('All marked as read'));
    } catch (error) {
      say(t('Couldn’t mark all as read: {reason}.', { reason: reasonOf(error) }));
    } finally {
      marking.value = false;
    }
  }

  return html`
    <header class="header">
      <${MenuButton} />
      <h1 class="header__name" tabindex="-1"><${Icon} name="inbox" size=${18} strokeWidth=${2.4} /><span class="header__name-text">${t('Inbox')}</span></h1>
      <div class="inbox__tools">
        <label class="inbox__only switch"><input type="checkbox" role="switch" checked=${unread} onChange=${() => replace(addressOfInbox({ kind, unread: !unread }))} /><span>${t('Unread only')}</span></label>
        <button class="button button--small" type="button" disabled=${marking.value} data-tip=${t('Mark all as read')} data-tip-more=${t('Shift E')} data-tip-side="bottom" onClick=${markAll}><${Icon} name="check-check" size=${16} /><span class="inbox__all">${t('Mark all read')}</span></button>
      </div>
    </header>
    <nav class="tabs inbox__tabs" aria-label=${t('Kinds of items')}>
      ${filters.map(({ kind: one, name }) => html`<a key=${name} class="tabs__tab" href=${addressOfInbox({ kind: one, unread })} aria-current=${one === kind ? 'page' : undefined}>${name}</a>`)}
    </nav>
    <div class="page__scroller">
      <div class="inbox">${content()}</div>
    </div>
  `;

  function content() {
    if (pages.failure && !pages.items)
      return html`<${Failed} failure=${pages.failure} retry=${pages.reload} />`;
    if (!pages.items) return html`<${MessagesSkeleton} label=${t('Loading the inbox')} />`;
    if (items.length === 0) {
      const { title, text } = emptyWords(kind, unread);
      return html`<${Empty} icon="inbox" title=${title} text=${text} />`;
    }
    return html`
      <ol class="inbox__list" aria-label=${t('Items, newest first')} ref=${list}>
        ${items.map((item) => html`<${InboxRow} key=${keyOf(item)} item=${item} mark=${mark} />`)}
      </ol>
      <${More} pages=${pages} label=${t('Show older')} />
      <p class="inbox__keys">${sentence(t('<kbd>J</kbd> <kbd>K</kbd> to move, <kbd>Enter</kbd> to open, <kbd>E</kbd> to mark as read or unread, <kbd>Shift</kbd> <kbd>E</kbd> to mark all'), { kbd: (/** @type {string} */ words) => html`<kbd>${words}</kbd>` })}</p>
    `;
  }
}

/** @param {InboxItem} item @param {boolean} isUnread @returns {InboxItem} */
function marked(item, isUnread) {
  const { unreadCount: _count, ...rest } = item;
  return { ...(isUnread ? item : rest), isUnread };
}
