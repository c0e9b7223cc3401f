import { t } from '../core/language.js';
import '../ui/page-icons.js';
import { useEffect } from 'preact/hooks';
import { html } from '../core/html.js';
import { loadScheduled, loadUnknownUsers } from '../core/loading.js';
import { channels, state } from '../core/store/store.js';
import { MenuButton } from '../shell/Header.js';
import { Empty } from '../ui/Empty.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { ScheduledCard } from './ScheduledCard.js';

/** What somebody sends later, live. */
export function ScheduledPage() {
  const posts = state.value.scheduled;
  useEffect(() => {
    if (!state.peek().scheduled) loadScheduled().catch(() => {});
    loadUnknownUsers(Object.values(channels.peek() ?? {}).flatMap(({ memberIds }) => memberIds));
  }, []);
  return html`
    <header class="header">
      <${MenuButton} />
      <h1 class="header__name" tabindex="-1"><span class="header__name-text">${t('Scheduled')}</span></h1>
    </header>
    <div class="page__scroller">
      <div class="page__content">
        <p class="page__intro">${t('Messages that you send later. Only you can see them until then.')}</p>
        ${list()}
      </div>
    </div>
  `;

  function list() {
    if (!posts) return html`<${PageSkeleton} label=${t('Loading scheduled messages')} />`;
    const all = Object.values(posts).toSorted((a, b) => Date.parse(a.sendAt) - Date.parse(b.sendAt));
    if (all.length === 0)
      return html`<${Empty} icon="clock" title=${t('Nothing is scheduled')} text=${t('Write a message, and choose the clock beside Send.')} />`;
    return html`<ul class="message-cards">${all.map((post) => html`<${ScheduledCard} key=${post.id} post=${post} />`)}</ul>`;
  }
}
