import { useSignal } from '@preact/signals';
import { Fragment } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { plural, t } from '../core/language.js';
import { parts } from '../core/late-components.js';
import {
  actorChanges,
  loadMessages,
  loadName,
  loadNewerMessages,
  loadOlderMessages,
} from '../core/loading.js';
import { arrival, historyEntry } from '../core/router.js';
import { loads, session, state, titleOf, unreads } from '../core/store/store.js';
import { dayLabel, today } from '../core/time.js';
import { Icon } from '../ui/Icon.js';
import { makeCurrent, rove } from '../ui/roving.js';
import { MessagesSkeleton } from '../ui/Skeleton.js';
import { daysOf } from './days.js';
import { Beginning, NewerPages, OlderPages } from './ListTop.js';
import { Message } from './Message.js';
import { withPending } from './pending.js';
import { firstUnread, onVisible, useKeptUnread } from './reading.js';
import { ScrollKeeper } from './scroll-keeper.js';
import { stopsAt } from './stops.js';

/** @import { Channel, Message as ChannelMessage } from '../core/types.js' */
/** @import { Day as DayOfMessages } from './days.js' */
/** @import { Position } from './scroll-keeper.js' */

const row = '[data-message-id]';
const loadWithin = 900;

/** Where each entry of the history had been scrolled to. @type {Map<string, Position>} */
const positions = new Map();

/** @param {{ channelId: string, channel: Channel | undefined, linked: string | null }} props */
export function MessageList({ channelId, channel, linked }) {
  const scroller = useRef(/** @type {HTMLElement | null} */ (null));
  const content = useRef(/** @type {HTMLElement | null} */ (null));
  const keeper = useRef(/** @type {ScrollKeeper | null} */ (null));
  const actor = useRef(actorChanges.value);
  const farFromEnd = useSignal(false);
  const atEnd = useSignal(false);
  const begun = useSignal(false);
  const newFrom = useSignal(/** @type {string | null} */ (null));
  const shownLink = useRef(/** @type {string | null} */ (null));
  const page = state.value.messages[channelId];
  const me = session.value?.userId;
  const items = page && withPending(page, { channelId, parentMessageId: null }, me);
  const unread = unreads.value[channelId] ?? 0;
  const newer = loads.value[loadName.newer(channelId)];
  const older = loads.value[loadName.older(channelId)];
  const live = parts.value;

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || !content.current) return;
    const made = new ScrollKeeper(
      element,
      content.current,
      (position) => {
        positions.set(historyEntry.value, position);
        measure();
        loadIfNear();
      },
      complete,
    );
    keeper.current = made;
    const before = arrival.value === 'history' ? positions.get(historyEntry.value) : undefined;
    made.place(before ?? 'end');
    const stopRoving = rove(element, row);
    return () => {
      made.stop();
      stopRoving();
    };
  }, []);

  useLayoutEffect(() => {
    if (actor.current !== actorChanges.value) keeper.current?.place('end');
    actor.current = actorChanges.value;
  }, [actorChanges.value]);
  useLayoutEffect(() => {
    keeper.current?.keep();
    measure();
    loadIfNear();
  }, [items, page && channel]);
  useLayoutEffect(() => {
    const known = linked !== null && page?.items.some((item) => item.id === linked);
    if (!known || shownLink.current === linked) return;
    shownLink.current = linked;
    const height = scroller.current?.clientHeight ?? 0;
    keeper.current?.place({ id: linked, offset: Math.round(height / 3) });
    const message = scroller.current?.querySelector(`[data-message-id="${CSS.escape(linked)}"]`);
    /** @type {HTMLElement | null | undefined} */ (message)?.focus({ preventScroll: true });
  }, [page, linked]);
  useEffect(() => {
    // The author wants to see a new message.
    const last = items?.at(-1);
    if (last && 'pending' in last) keeper.current?.place('end');
  }, [items?.at(-1)?.id]);
  useReading();
  useEffect(() => {
    if (keeper.current) positions.set(historyEntry.value, keeper.current.position);
  }, [historyEntry.value]);
  useEffect(() => {
    const list = scroller.current;
    if (!list || list.querySelector(`${row}[tabindex="0"]`)) return;
    makeCurrent(
      list,
      row,
      [.../** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll(row))].at(-1) ?? null,
    );
  }, [page]);

  function complete() {
    return !state.peek().messages[channelId]?.hasNewer;
  }

  function measure() {
    const element = scroller.current;
    if (!element) return;
    const below = element.scrollHeight - element.scrollTop - element.clientHeight;
    farFromEnd.value = below > element.clientHeight * 0.6 || !complete();
    atEnd.value = keeper.current?.position === 'end' && complete();
  }

  function loadIfNear() {
    const known = state.peek().messages[channelId];
    const asked = state.peek().loads;
    const element = scroller.current;
    if (!known || !element) return;
    const below = element.scrollHeight - element.scrollTop - element.clientHeight;
    if (known.hasOlder && !(loadName.older(channelId) in asked) && element.scrollTop <= loadWithin)
      loadOlderMessages(channelId);
    if (known.hasNewer && !(loadName.newer(channelId) in asked) && below <= loadWithin)
      loadNewerMessages(channelId);
  }

  /** Where what one has not read begins; and that it was read, once its end was seen in a window that is visible. */
  function useReading() {
    const last = page?.items.at(-1)?.id;
    const counted = state.value.counted !== null;
    const kept = useKeptUnread(channelId);
    const reading = begun.value && atEnd.value && onVisible.value && !kept;
    useLayoutEffect(() => {
      newFrom.value = null;
      begun.value = false;
    }, [actorChanges.value]);
    useLayoutEffect(() => {
      if (!page || page.hasNewer || reading) return;
      if (unread > 0) newFrom.value = firstUnread(page.items, unread, me);
      if (counted) begun.value = true;
    }, [page, unread, reading, counted]);
    useEffect(() => {
      if (!reading || unread === 0 || last === undefined || !live) return;
      live.markRead(channelId, last).catch(() => {});
    }, [reading, unread, last, Boolean(live)]);
  }

  async function toNewest() {
    if (!complete()) await loadMessages(channelId);
    keeper.current?.place('end');
  }

  const days = useMemo(() => {
    if (!items) return;
    const stops = stopsAt(items);
    return daysOf(items).map(
      (day) =>
        html`<${Day} key=${day.key} day=${day} today=${today.value} channelId=${channelId} newFrom=${newFrom.value} linked=${linked} stops=${stops} />`,
    );
  }, [items, today.value, newFrom.value, linked]);

  return html`
    <div class="message-list">
      <div class="message-list__scroller" ref=${scroller}>
        <div
          class="message-list__content"
          role="log"
          aria-live="off"
          aria-busy=${!page}
          aria-label=${channel ? t('Messages in {channel}', { channel: titleOf(channel) }) : t('Messages')}
          ref=${content}
        >
          ${!page && html`<${MessagesSkeleton} />`}
          ${page?.hasOlder && html`<${OlderPages} failure=${older} retry=${() => loadOlderMessages(channelId)} />`}
          ${page && !page.hasOlder && channel && html`<${Beginning} channel=${channel} empty=${page.items.length === 0} />`}
          ${days}
          ${page && !page.hasNewer && live && html`<${live.PartialAnswers} channelId=${channelId} rootId=${null} last=${items?.at(-1)} />`}
          ${page?.hasNewer && html`<${NewerPages} failure=${newer} retry=${() => loadNewerMessages(channelId)} />`}
        </div>
      </div>
      ${
        farFromEnd.value &&
        html`<button class="message-list__newest" type="button" onClick=${toNewest}>
          <${Icon} name="arrow-down" size=${16} /> ${unread > 0 ? newWords(unread) : t('Jump to latest')}
        </button>`
      }
    </div>
  `;
}

/** @param {number} count */
function newWords(count) {
  return plural(count, '{count} new message', '{count} new messages');
}

/** @param {{ day: DayOfMessages<ChannelMessage>, today: Date, channelId: string, newFrom: string | null, linked: string | null, stops: Map<string, import('../core/types.js').StoppedRun[]> }} props */
function Day({ day, today, channelId, newFrom, linked, stops }) {
  const label = dayLabel(day.date, today);
  return html`
    <section class="day" aria-label=${label}>
      <div class="day__divider"><h2 class="day__label">${label}</h2></div>
      <ol class="day__messages">
        ${day.rows.map(({ message, date, grouped }) => {
          const isNew = message.id === newFrom;
          const row = { message, date, grouped: grouped && !isNew };
          return html`<${Fragment} key=${message.id}>
            ${isNew && html`<li class="new-line"><span>${t('New')}</span></li>`}
            <${Message} row=${row} today=${today} channelId=${channelId} linked=${message.id === linked} stopped=${stops.get(message.id)} threads />
          <//>`;
        })}
      </ol>
    </section>
  `;
}
