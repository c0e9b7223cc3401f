import { useEffect, useRef } from 'preact/hooks';
import { Composer } from '../composer/ComposerSlot.js';
import { addressOf, linkedMessage } from '../core/addresses.js';
import { archived, loadArchived } from '../core/archived.js';
import { endings, lostMessage } from '../core/gone.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { parts } from '../core/late-components.js';
import { actorChanges, loadMessages, loadName } from '../core/loading.js';
import { arrival, replace, route } from '../core/router.js';
import { unlessSeen } from '../core/seen.js';
import { channels, loads, state } from '../core/store/store.js';
import { MessageList } from '../messages/MessageList.js';
import { ThreadBar } from '../messages/ThreadBar.js';
import { Header } from '../shell/Header.js';
import { drawerOpen, narrow } from '../shell/viewport.js';
import { ChannelGone, Failed, LostNote } from '../ui/Notice.js';
import { ArchivedNote } from './ArchivedNote.js';

/** @import { Route } from '../core/types.js' */

/** @param {{ channelId: string }} props */
export function ChannelView({ channelId }) {
  const view = useRef(/** @type {HTMLElement | null} */ (null));
  const live = channels.value?.[channelId];
  const old = archived.value[channelId];
  const channel = live ?? old ?? undefined;
  const page = state.value.messages[channelId];
  const failure = unlessSeen(loads.value[loadName.messages(channelId)], page !== undefined);
  // It is not among those that can be written in, but its messages can be read.
  const unlisted = channels.value !== null && !live && page !== undefined;
  const ended = endings.value[channelId] !== undefined && page === undefined;
  const missing = failure?.status === 404 || (!live && (old === null || ended));
  const linked = linkedMessage(route.value);

  useEffect(() => void loadMessages(channelId, linked), [channelId, actorChanges.value]);
  useEffect(() => {
    const known = state.peek().messages[channelId]?.items.some((item) => item.id === linked);
    if (linked !== null && !known) loadMessages(channelId, linked);
  }, [linked]);
  useEffect(() => {
    if (unlisted && old === undefined) loadArchived(channelId);
  }, [channelId, unlisted, old === undefined]);
  useEffect(() => {
    // The user was added to a private channel while this window was at its address.
    if (live && loads.peek()[loadName.messages(channelId)]?.status === 404) loadMessages(channelId);
  }, [Boolean(live)]);
  useEffect(() => {
    const lostFocus = document.activeElement === document.body;
    if (arrival.value !== 'start' && lostFocus) view.current?.querySelector('h1')?.focus();
  }, []);

  return html`
    <main id="main" class="app__main" tabindex="-1" inert=${narrow.value && drawerOpen.value} ref=${view}>
      <${Header} channel=${missing ? undefined : channel} missing=${missing} />
      ${live && !missing && html`<${ThreadBar} channel=${live} open=${openThread(route.value)} />`}
      ${body()}
      ${live && !missing && html`<${Composer} channel=${live} />`}
      ${old && !live && !missing && html`<${ArchivedNote} />`}
    </main>
  `;

  function body() {
    if (missing)
      return html`
        <${ChannelGone} channelId=${channelId} />
        ${parts.value && html`<${parts.value.KeptTexts} channelId=${channelId} why=${t('It can no longer be sent here.')} />`}
      `;
    if (failure) return html`<${Failed} failure=${failure} retry=${() => loadMessages(channelId)} />`;
    const lost = linked !== null && lostMessage.value === linked && channel;
    return html`
      ${lost && html`<${LostNote} what="message" dismiss=${() => replace(addressOf(channel))} />`}
      <${MessageList} channelId=${channelId} channel=${channel} linked=${linked} />
    `;
  }
}

/** @param {Route} here */
function openThread(here) {
  return here.view === 'channel' ? here.threadId : null;
}
