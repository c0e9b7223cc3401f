import { useEffect, useLayoutEffect } from 'preact/hooks';
import { ChannelView } from '../channels/ChannelView.js';
import { refusal } from '../core/acting.js';
import { addressOf } from '../core/addresses.js';
import { html } from '../core/html.js';
import { isDirect } from '../core/kinds.js';
import { t } from '../core/language.js';
import { parts } from '../core/late-components.js';
import { homeOf, loadFirstView, loadName } from '../core/loading.js';
import { notFound } from '../core/not-found.js';
import { query, replace, route } from '../core/router.js';
import { isLookingForSeen, unlessSeen } from '../core/seen.js';
import { badgeOf, channels, loads, session, titleOf, userOf, viewedAs } from '../core/store/store.js';
import { onVisible } from '../messages/reading.js';
import { ThreadPanel } from '../messages/ThreadPanel.js';
import { pages } from '../routes.js';
import { ActorRefused, Failed, NotFound } from '../ui/Notice.js';
import { Drawer } from './Drawer.js';
import { Page } from './Page.js';
import { ViewingBar } from './ViewingBar.js';
import { closeOnEscape, drawerOpen } from './viewport.js';

/** @import { Route } from '../core/types.js' */

export function App() {
  const failure = unlessSeen(loads.value[loadName.workspace], true);
  useHomeAddress();
  useTitle();
  useEffect(closeOnEscape, []);

  if (refusal.value) return html`<main class="app-alone"><${ActorRefused} refusal=${refusal.value} /></main>`;
  if (failure && isLookingForSeen.value) return null;
  if (failure)
    return html`<main class="app-alone"><${Failed} failure=${failure} retry=${loadFirstView} tag="h1" /></main>`;
  const here = route.value;
  const why = here.view === 'channel' ? query.value.get('why') : null;
  const thread = here.view === 'channel' && why === null ? here.threadId : null;
  return html`
    <a class="skip-link" href="#main" onClick=${skipToMain}>${here.view === 'channel' ? t('Skip to messages') : t('Skip to the page')}</a>
    <div class="app" data-drawer=${drawerOpen.value ? 'open' : 'closed'} data-viewing=${viewedAs.value !== null} data-thread=${thread !== null || why !== null}>
      <${ViewingBar} />
      <${Drawer} />
      ${here.view === 'channel' && html`<${ChannelView} key=${here.channelId} channelId=${here.channelId} />`}
      ${here.view === 'page' && html`<${Page} route=${here} />`}
      ${here.view === 'unknown' && html`<main id="main" class="app__main"><${NotFound} /></main>`}
      ${here.view === 'home' && html`<main id="main" class="app__main"></main>`}
      ${
        here.view === 'channel' &&
        thread !== null &&
        html`<${ThreadPanel} key=${thread} channelId=${here.channelId} messageId=${thread} />`
      }
      ${why !== null && parts.value && html`<${parts.value.WhySlot} key=${why} messageId=${why} close=${location.pathname} />`}
    </div>
    ${parts.value && html`<${parts.value.Layer} />`}
  `;
}

/** @param {MouseEvent} event by focus alone: following the link would change the address */
function skipToMain(event) {
  event.preventDefault();
  const main = document.getElementById('main');
  const inSight = main?.checkVisibility() && !main.inert;
  /** @type {HTMLElement | null} */ (inSight ? main : document.querySelector('.thread h2'))?.focus();
}

/** "/" is the channel to begin with; and a channel's own address has the right first letter. */
function useHomeAddress() {
  const here = route.value;
  const known = channels.value;
  useLayoutEffect(() => {
    if (!known) return;
    if (here.view === 'home') {
      if (session.value === null) return;
      const channel = homeOf(Object.values(known), session.value);
      if (channel) replace(addressOf(channel));
    } else if (here.view === 'channel') {
      const channel = known[here.channelId];
      if (channel && isDirect(channel) !== here.dm)
        replace(addressOf(channel, here.threadId, here.messageId));
    }
  }, [here, known, session.value]);
}

function useTitle() {
  const here = route.value;
  const workspace = session.value?.workspace.name ?? 'Bullpen';
  const unread = unreadElsewhere();
  const title = [titleAt(here), workspace].filter(Boolean).join(' · ');
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) ${title}` : title;
    // On the icon of the installed app, where the browser can.
    navigator.setAppBadge?.(unread).catch(() => {});
  }, [unread, title]);
}

/** The red counts of the sidebar. What is unread in the channel or thread that is open counts only while nobody sees it. */
function unreadElsewhere() {
  const here = route.value;
  const inSight = here.view === 'channel' && onVisible.value ? here : null;
  return Object.keys(channels.value ?? {}).reduce(
    (sum, id) => sum + badgeOf(id, id === inSight?.channelId, inSight?.threadId).count,
    0,
  );
}

/** @param {Route} here */
function titleAt(here) {
  if (notFound.value || here.view === 'unknown') return t('Not found');
  if (here.view === 'page')
    return pages[here.page]?.title(here.params, {
      nameOf: (id) => userOf(id).displayName,
      query: query.value,
    });
  const channel = here.view === 'channel' ? channels.value?.[here.channelId] : undefined;
  if (!channel) return '';
  return here.view === 'channel' && here.threadId !== null
    ? t('Thread in {channel}', { channel: titleOf(channel) })
    : titleOf(channel);
}
