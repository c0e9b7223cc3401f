import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { daysOf } from '../app/days.js';
import { html } from '../app/html.js';
import { actorChanges, loadName, loadOlderMessages } from '../app/loading.js';
import { arrival, historyEntry } from '../app/router.js';
import { makeCurrent, rove } from '../app/roving.js';
import { ScrollKeeper } from '../app/scroll-keeper.js';
import { loads, state, titleOf } from '../app/store.js';
import { dayLabel, today } from '../app/time.js';
import { Icon } from './Icon.js';
import { Beginning, OlderPages } from './ListTop.js';
import { Message } from './Message.js';
import { MessagesSkeleton } from './Skeleton.js';

/** @import { Channel, Message as ChannelMessage } from '../app/types.js' */
/** @import { Day as DayOfMessages } from '../app/days.js' */
/** @import { Position } from '../app/scroll-keeper.js' */

const row = '[data-message-id]';
const loadOlderWithin = 900;

/** Where each entry of the history had been scrolled to. @type {Map<string, Position>} */
const positions = new Map();

/** @param {{ channelId: string, channel: Channel | undefined }} props */
export function MessageList({ channelId, channel }) {
  const scroller = useRef(/** @type {HTMLElement | null} */ (null));
  const content = useRef(/** @type {HTMLElement | null} */ (null));
  const keeper = useRef(/** @type {ScrollKeeper | null} */ (null));
  const actor = useRef(actorChanges.value);
  const farFromEnd = useSignal(false);
  const page = state.value.messages[channelId];
  const older = loads.value[loadName.older(channelId)];

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || !content.current) return;
    const made = new ScrollKeeper(element, content.current, (position) => {
      positions.set(historyEntry.value, position);
      farFromEnd.value =
        element.scrollHeight - element.scrollTop - element.clientHeight > element.clientHeight * 0.6;
      loadOlderIfNear();
    });
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
    loadOlderIfNear();
  }, [page, page && channel]);
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

  function loadOlderIfNear() {
    const known = state.value.messages[channelId];
    const asked = loadName.older(channelId) in state.value.loads;
    if (!known?.hasOlder || asked || !scroller.current || scroller.current.scrollTop > loadOlderWithin)
      return;
    loadOlderMessages(channelId);
  }

  const days = useMemo(
    () =>
      page &&
      daysOf(page.items).map((day) => html`<${Day} key=${day.key} day=${day} today=${today.value} />`),
    [page, today.value],
  );

  return html`
    <div class="message-list">
      <div class="message-list__scroller" ref=${scroller}>
        <div
          class="message-list__content"
          role="log"
          aria-live="off"
          aria-busy=${!page}
          aria-label=${channel ? `Messages in ${titleOf(channel)}` : 'Messages'}
          ref=${content}
        >
          ${!page && html`<${MessagesSkeleton} />`}
          ${page?.hasOlder && html`<${OlderPages} failure=${older} retry=${() => loadOlderMessages(channelId)} />`}
          ${page && !page.hasOlder && channel && html`<${Beginning} channel=${channel} empty=${page.items.length === 0} />`}
          ${days}
        </div>
      </div>
      ${
        farFromEnd.value &&
        html`<button class="message-list__newest" type="button" onClick=${() => keeper.current?.place('end')}>
          <${Icon} name="arrow-down" size=${16} /> Newest messages
        </button>`
      }
    </div>
  `;
}

/** @param {{ day: DayOfMessages<ChannelMessage>, today: Date }} props */
function Day({ day, today }) {
  const label = dayLabel(day.date, today);
  return html`
    <section class="day" aria-label=${label}>
      <div class="day__divider"><h2 class="day__label">${label}</h2></div>
      <ol class="day__messages">
        ${day.rows.map((row) => html`<${Message} key=${row.message.id} row=${row} today=${today} threads />`)}
      </ol>
    </section>
  `;
}
