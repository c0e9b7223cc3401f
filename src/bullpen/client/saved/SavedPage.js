import { isDirect } from '../core/kinds.js';
import { t } from '../core/language.js';
import '../ui/page-icons.js';
import { useEffect } from 'preact/hooks';
import { html } from '../core/html.js';
import { loadUnknownUsers } from '../core/loading.js';
import { channels, titleOf } from '../core/store/store.js';
import { useEvents } from '../core/store/use-events.js';
import { momentLabel } from '../core/time-format.js';
import { cardAction, MessageCard } from '../messages/MessageCard.js';
import { MenuButton } from '../shell/Header.js';
import { Empty } from '../ui/Empty.js';
import { Icon } from '../ui/Icon.js';
import { More } from '../ui/More.js';
import { Failed } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { usePages } from '../ui/use-loaded.js';
import { getSaved } from './requests.js';
import { markDone, removeSaved } from './saving.js';

/** @import { LogEvent, SavedMessage } from '../core/types.js' */

const tabs = /** @type {const} */ ([
  { tab: undefined, name: t('In progress'), address: '/saved' },
  { tab: 'done', name: t('Done'), address: '/saved/done' },
]);

/** What somebody has saved for later, live. @param {{ route: { tab?: 'done' } }} props */
export function SavedPage({ route }) {
  const isDone = route.tab === 'done';
  const saved = usePages(`saved:${isDone}`, (/** @type {string | undefined} */ before) =>
    getSaved(isDone, before),
  );
  const shown = new Set((saved.items ?? []).map(({ messageId }) => messageId));
  useEvents((event) => concerns(event, shown), saved.reload);
  useEffect(() => {
    loadUnknownUsers((saved.items ?? []).flatMap(({ message }) => message?.userId ?? []));
  }, [saved.items]);
  return html`
    <header class="header">
      <${MenuButton} />
      <h1 class="header__name" tabindex="-1"><span class="header__name-text">${t('Saved')}</span></h1>
    </header>
    <nav class="tabs" aria-label=${t('Saved messages')}>
      ${tabs.map(({ tab, name, address }) => html`<a key=${name} class="tabs__tab" href=${address} aria-current=${tab === route.tab ? 'page' : undefined}>${name}</a>`)}
    </nav>
    <div class="page__scroller" key=${isDone}>
      <div class="page__content saved">
        <p class="page__intro">${t('Only you can see what you save.')}</p>
        ${list()}
      </div>
    </div>
  `;

  function list() {
    if (saved.failure) return html`<${Failed} failure=${saved.failure} retry=${saved.reload} />`;
    if (!saved.items) return html`<${PageSkeleton} label=${t('Loading saved messages')} />`;
    if (saved.items.length === 0)
      return isDone
        ? html`<${Empty} icon="circle-check" title=${t('Nothing is done yet')} text=${t('Saved messages that you mark as done are kept here.')} />`
        : html`<${Empty} icon="bookmark" title=${t('Nothing is saved')} text=${t('Save a message from its menu, or with S while it has the focus, to come back to it later.')} />`;
    return html`
      <ul class="message-cards">${saved.items.map((one) => html`<${SavedCard} key=${one.messageId} one=${one} />`)}</ul>
      <${More} pages=${saved} label=${t('Show older saved messages')} />
    `;
  }
}

/** @param {{ one: SavedMessage }} props */
function SavedCard({ one }) {
  const { messageId, message, remindAt, isDue, isDone } = one;
  const actions = html`
    ${
      isDone
        ? cardAction(t('Move back to In progress'), 'undo-2', () => markDone(messageId, false))
        : cardAction(t('Mark as done'), 'check', () => markDone(messageId, true))
    }
    ${message && !isDone && html`<button class="icon-button" type="button" aria-label=${t('Remind me')} aria-haspopup="dialog" data-tip=${t('Remind me')} data-dialog="remind" data-about=${messageId}><${Icon} name="alarm-clock" size=${16} /></button>`}
    ${cardAction(t('Remove from saved messages'), 'bookmark-x', () => removeSaved(messageId))}
  `;
  if (!message)
    return html`
      <li class="message-card message-card--gone">
        <span class="message-card__gone" aria-hidden="true"><${Icon} name="lock" size=${18} /></span>
        <p class="quiet">${t('You can’t read this message any more. It was deleted, or you have no access to its channel.')}</p>
        <div class="message-card__actions">${actions}</div>
      </li>
    `;
  const channel = channels.value?.[message.channelId];
  const when = remindAt && momentLabel(new Date(remindAt), new Date());
  const detail = html`
    ${when && html`<span class=${`chip${isDue ? ' saved__due' : ''}`}><${Icon} name="alarm-clock" size=${12} /> ${isDue ? t('Due: {when}', { when }) : when}</span> `}
    ${channel && html`<span dir="auto">${isDirect(channel) ? t('Direct message with {names}', { names: titleOf(channel) }) : t('in {place}', { place: titleOf(channel) })}</span>`}
  `;
  return html`<${MessageCard} message=${message} detail=${detail} actions=${actions} />`;
}

/** @param {LogEvent} event @param {Set<string>} shown */
function concerns(event, shown) {
  if (event.type === 'reset' || event.type === 'saved.changed') return true;
  if (event.type === 'message.updated' || event.type === 'message.restored')
    return shown.has(event.message.id);
  if (event.type === 'message.deleted') return shown.has(event.messageId);
  return event.type === 'member.removed' || event.type === 'channel.deleted';
}
