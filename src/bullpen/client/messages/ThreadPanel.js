import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Composer } from '../composer/ComposerSlot.js';
import { addressOf } from '../core/addresses.js';
import { archived } from '../core/archived.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { parts } from '../core/late-components.js';
import { actorChanges, loadName, loadOlderReplies, loadThread } from '../core/loading.js';
import { describe } from '../core/refusals.js';
import { replace, route } from '../core/router.js';
import { unlessSeen } from '../core/seen.js';
import {
  addressOfMember,
  channels,
  isMine,
  loads,
  session,
  state,
  titleOf,
  userOf,
} from '../core/store/store.js';
import { today } from '../core/time.js';
import { Avatar } from '../ui/Avatar.js';
import { Icon } from '../ui/Icon.js';
import { Failed, LostNote, ThreadNotFound } from '../ui/Notice.js';
import { makeCurrent, rove } from '../ui/roving.js';
import { MessagesSkeleton } from '../ui/Skeleton.js';
import { usePanelFocus } from '../ui/use-panel-focus.js';
import { daysOf } from './days.js';
import { Message } from './Message.js';
import { pending, withPending } from './pending.js';
import { onVisible, useKeptUnread } from './reading.js';
import { ScrollKeeper } from './scroll-keeper.js';
import { stopsAt } from './stops.js';
import { repliesLabel } from './ThreadPreview.js';

/** @import { Thread } from '../core/types.js' */

const row = '[data-message-id]';

/** @param {{ channelId: string, messageId: string }} props */
export function ThreadPanel({ channelId, messageId }) {
  const panel = useRef(/** @type {HTMLElement | null} */ (null));
  const scroller = useRef(/** @type {HTMLElement | null} */ (null));
  const content = useRef(/** @type {HTMLElement | null} */ (null));
  const keeper = useRef(/** @type {ScrollKeeper | null} */ (null));
  const atEnd = useSignal(true);
  const unread = state.value.unreadThreads[messageId]?.unreadCount ?? 0;
  const loaded = parts.value;
  const live = channels.value?.[channelId];
  const channel = live ?? archived.value[channelId] ?? undefined;
  const thread = state.value.threads[messageId];
  const failure = unlessSeen(loads.value[loadName.thread(messageId)], thread !== undefined);
  const here = route.value;
  const linked = here.view === 'channel' ? here.messageId : null;
  const sending = pending.value.filter((one) => one.parentMessageId === messageId).length;

  useEffect(() => void loadThread(channelId, messageId), [messageId, actorChanges.value]);
  // Its deletion was undone.
  useEffect(() => {
    const isAsked = loadName.thread(messageId) in loads.peek();
    if (!isAsked && !state.peek().threads[messageId]) loadThread(channelId, messageId);
  }, [failure]);
  usePanelFocus(panel, () => {
    const message = document.querySelector(`#main [data-message-id="${CSS.escape(messageId)}"]`);
    return message?.querySelector('.thread-preview') ?? message;
  });
  useLayoutEffect(() => {
    if (!scroller.current || !content.current) return;
    const made = new ScrollKeeper(scroller.current, content.current, (position) => {
      atEnd.value = position === 'end';
    });
    keeper.current = made;
    made.place('end');
    const stopRoving = rove(scroller.current, row);
    return () => {
      made.stop();
      stopRoving();
    };
  }, [Boolean(failure)]);
  useLayoutEffect(() => keeper.current?.keep(), [thread, sending]);
  useEffect(() => {
    if (sending > 0) keeper.current?.place('end');
  }, [sending]);
  const kept = useKeptUnread(messageId);
  const reading = thread !== undefined && unread > 0 && atEnd.value && onVisible.value && !kept;
  useEffect(() => {
    if (reading && loaded) loaded.markThreadRead(channelId, messageId).catch(() => {});
  }, [reading, unread, Boolean(loaded)]);
  useLinked(linked, thread, keeper, scroller);
  useEffect(() => {
    if (scroller.current) makeCurrent(scroller.current, row, scroller.current.querySelector(row));
  }, [Boolean(thread)]);

  return html`
    <aside class="thread" aria-label=${t('Thread')} ref=${panel}>
      <header class="thread__head">
        <h2 class="thread__title" tabindex="-1">${t('Thread')}</h2>
        <span class="thread__place">${channel && titleOf(channel)}</span>
        ${parts.value && live && isMine(live) && !failure && html`<${parts.value.FollowThread} rootId=${messageId} />`}
        <a
          class="thread__close icon-button"
          href=${addressOf(channel ?? { id: channelId, kind: 'public' })}
          aria-label=${t('Close thread')}
          data-tip=${t('Close')}
          data-tip-more=${t('Esc')}
          data-tip-side="bottom"
        >
          <${Icon} name="x" size=${20} />
        </a>
      </header>
      ${
        failure
          ? failure.status === 404
            ? html`
                <${ThreadNotFound} />
                ${parts.value && html`<${parts.value.KeptTexts} channelId=${channelId} rootId=${messageId} why=${t('It can no longer be sent here.')} />`}
              `
            : html`<${Failed} failure=${failure} retry=${() => loadThread(channelId, messageId)} />`
          : html`<div class="thread__scroller" ref=${scroller}>
              <div class="thread__content" aria-busy=${!thread} ref=${content}>
                ${
                  thread
                    ? html`<${ThreadMessages} thread=${thread} linked=${linked} />`
                    : html`<${MessagesSkeleton} rows=${4} label=${t('Loading the thread')} />`
                }
              </div>
            </div>`
      }
      ${
        isLost(linked, thread) &&
        channel &&
        html`<${LostNote} what="reply" dismiss=${() => replace(addressOf(channel, messageId))} />`
      }
      ${thread && !failure && live && html`<${Composer} channel=${live} rootId=${messageId} />`}
    </aside>
  `;
}

/** @param {string | null} linked @param {Thread | undefined} thread whether a link leads to a reply that is not there */
function isLost(linked, thread) {
  if (linked === null || !thread || thread.replies.hasOlder) return false;
  return linked !== thread.root.id && !thread.replies.items.some((reply) => reply.id === linked);
}

/**
 * The reply that a link leads to; pages before it are loaded until it is there.
 * @param {string | null} linked @param {Thread | undefined} thread
 * @param {{ current: ScrollKeeper | null }} keeper @param {{ current: HTMLElement | null }} scroller
 */
function useLinked(linked, thread, keeper, scroller) {
  const shown = useRef(/** @type {string | null} */ (null));
  useLayoutEffect(() => {
    if (linked === null || !thread || shown.current === linked) return;
    if (!thread.replies.items.some((reply) => reply.id === linked)) {
      if (thread.replies.hasOlder) loadOlderReplies(thread.root.id);
      return;
    }
    shown.current = linked;
    keeper.current?.place({ id: linked, offset: Math.round((scroller.current?.clientHeight ?? 0) / 3) });
    const reply = scroller.current?.querySelector(`[data-message-id="${CSS.escape(linked)}"]`);
    /** @type {HTMLElement | null | undefined} */ (reply)?.focus({ preventScroll: true });
  }, [linked, thread]);
}

/** The message a thread hangs on, a line with the count, and the replies. @param {{ thread: Thread, linked: string | null }} props */
function ThreadMessages({ thread, linked }) {
  const { root, replies } = thread;
  const live = parts.value;
  const { channelId } = root;
  const items = withPending(replies, { channelId, parentMessageId: root.id }, session.value?.userId);
  const rows = daysOf(items).flatMap((day) => day.rows);
  const stops = stopsAt(items);
  const rootRow = { message: root, date: new Date(root.timestamp), grouped: false };
  return html`
    <${Message} tag="div" row=${rootRow} today=${today.value} channelId=${channelId} stopped=${stopsAt([root]).get(root.id)} />
    <div class="thread__count">
      <span>${root.threadReplyCount > 0 ? repliesLabel(root.threadReplyCount) : t('No replies yet')}</span>
      <${Participants} ids=${root.threadParticipantIds ?? []} />
    </div>
    ${replies.hasOlder && html`<${EarlierReplies} messageId=${root.id} />`}
    <ol class="thread__replies" aria-label=${t('Replies')}>
      ${rows.map((row) => html`<${Message} key=${row.message.id} row=${row} today=${today.value} channelId=${channelId} linked=${row.message.id === linked} stopped=${stops.get(row.message.id)} />`)}
    </ol>
    ${live && html`<${live.PartialAnswers} channelId=${channelId} rootId=${root.id} last=${items.at(-1)} />`}
  `;
}

/** Who has replied; each leads to a page of their own. @param {{ ids: string[] }} props */
function Participants({ ids }) {
  if (ids.length === 0) return null;
  return html`
    <ul class="thread__participants" aria-label=${t('Who replied')}>
      ${ids.map(userOf).map(
        (user) => html`
          <li key=${user.id}>
            <a href=${addressOfMember(user.id)} aria-label=${user.displayName} data-tip=${user.displayName}>
              <${Avatar} user=${user} size=${20} />
            </a>
          </li>
        `,
      )}
    </ul>
  `;
}

/** @param {{ messageId: string }} props */
function EarlierReplies({ messageId }) {
  const load = loads.value[loadName.older(messageId)];
  return html`
    <div class="thread__earlier">
      ${load && html`<span role="alert">${describe(load).text}</span>`}
      <button class="button button--small" type="button" disabled=${load === null} onClick=${() => loadOlderReplies(messageId)}>
        ${load === null ? t('Loading…') : t('Show earlier replies')}
      </button>
    </div>
  `;
}
