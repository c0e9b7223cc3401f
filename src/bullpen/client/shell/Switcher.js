import { useSignal } from '@preact/signals';
import { conversationWith, directMessageWith, openDirectMessage } from '../channels/direct-messages.js';
import { useInactive } from '../channels/use-inactive-members.js';
import { actAs } from '../core/acting.js';
import { addressOf, addressOfSearch } from '../core/addresses.js';
import { pieces } from '../core/fuzzy.js';
import { html } from '../core/html.js';
import { isDirect } from '../core/kinds.js';
import { t } from '../core/language.js';
import { isTeam } from '../core/mode.js';
import { sentenceOf } from '../core/refusals.js';
import { go, route } from '../core/router.js';
import {
  addressOfMember,
  badgeOf,
  channels,
  isActive,
  isMine,
  members,
  otherMember,
  session,
  titleOf,
  userOf,
} from '../core/store/store.js';
import { AgentBadge } from '../ui/AgentBadge.js';
import { Avatar } from '../ui/Avatar.js';
import { Dialog } from '../ui/Dialog.js';
import { closeDialog, openDialog } from '../ui/dialog-state.js';
import { Icon } from '../ui/Icon.js';
import { useOptions } from '../ui/use-options.js';
import { useSave } from '../ui/use-save.js';
import { offered } from './destinations.js';
import { recentPlaces } from './recent-channels.js';

/** @import { Channel, User } from '../core/types.js' */
/** @import { Destination, Offered } from './destinations.js' */

/** @type {{ key: string, title: string, icon: string, run: () => void }[]} */
const commands = [
  { key: 'search', title: t('Search messages'), icon: 'search', run: () => go(addressOfSearch()) },
  { key: 'new', title: t('New channel'), icon: 'plus', run: () => openDialog('new-channel') },
  { key: 'group', title: t('New group message'), icon: 'users', run: () => openDialog('new-group') },
  {
    key: 'me',
    title: t('Set your status and notifications'),
    icon: 'user-round',
    run: () => openDialog('me'),
  },
  { key: 'browse', title: t('Browse channels'), icon: 'hash', run: () => openDialog('channels') },
  { key: 'members', title: t('All members'), icon: 'users', run: () => openDialog('members') },
  { key: 'user-groups', title: t('User groups'), icon: 'users', run: () => openDialog('user-groups') },
  ...(isTeam
    ? []
    : [
        { key: 'view-as', title: t('View as another member'), icon: 'eye', run: () => openDialog('view-as') },
      ]),
  { key: 'activity', title: t('Activity of all agents'), icon: 'bot', run: () => go('/activity') },
  { key: 'settings', title: t('Models and settings'), icon: 'bot', run: () => go('/settings') },
];

/**
 * Channels, people and what can be done, by a few letters of their names.
 * @param {{ people?: { title: string, label: string, pick: (userId: string) => Promise<void>, more?: { dialog: string, icon: string, name: string } }, onward?: { title: string, label: string, pick: (channel: Channel) => Promise<void> } }} props people: only those
 *   onward: only conversations that one can write in
 */
export function Switcher({ people, onward }) {
  const typed = useSignal('');
  const opening = useSave();
  const words = typed.value.trim();
  const inactive = useInactive();
  const only = people ?? onward;
  const known = destinations(people !== undefined, inactive.data ?? []);
  const all = onward ? known.filter(isWritable) : known;
  const shown = offered(
    typed.value,
    all,
    recentPlaces().filter((id) => !isHere(id)),
  );
  const searches = words !== '' && !only;
  const options = useOptions({
    id: 'switcher',
    count: shown.length + (searches ? 1 : 0),
    choose: (at) => choose(shown[at]),
    first: true,
    key: typed.value,
  });
  const title = only?.title ?? t('Jump to');

  /** @param {Offered | undefined} one none: what was typed is searched for */
  function choose(one) {
    if (onward && one) return opening.save(() => writeTo(one));
    if (!one) return leave(() => go(addressOfSearch(words)));
    if (one.kind === 'command') return leave(() => commands.find(({ key }) => key === one.key)?.run());
    if (one.kind === 'inactive') return leave(() => go(addressOfMember(one.key)));
    if (one.kind === 'person') return opening.save(() => (people?.pick ?? openDirectMessage)(one.key));
    const channel = channels.value?.[one.key];
    if (channel) leave(() => go(addressOf(channel)));
  }

  /** @param {Offered} one */
  async function writeTo({ kind, key }) {
    const channel = kind === 'person' ? await conversationWith(key) : channels.peek()?.[key];
    if (channel) await onward?.pick(channel);
  }

  return html`
    <${Dialog} name="switcher" title=${title} bare>
      <div class="switcher__box">
        <${Icon} name="search" size=${18} />
        <label class="visually-hidden" for="switcher-field">${only?.label ?? t('Jump to a channel or person, or search')}</label>
        <input
          class="switcher__input"
          id="switcher-field"
          value=${typed.value}
          placeholder=${only?.label ?? t('Channel, person, or words to search for')}
          maxlength=${200}
          autocomplete="off"
          autocapitalize="off"
          spellcheck=${false}
          autofocus
          dir="auto"
          ...${options.field}
          onInput=${(/** @type {globalThis.Event} */ event) => {
            typed.value = /** @type {HTMLInputElement} */ (event.target).value;
          }}
          onKeyDown=${options.onKeyDown}
        />
        <button class="switcher__close" type="button" aria-label=${t('Close')} onClick=${closeDialog}>${t('esc')}</button>
      </div>
      ${opening.problem && html`<p class="alert" role="alert">${sentenceOf(opening.problem.failure)}</p>`}
      <ul class="options switcher__options" ...${options.list} aria-label=${title}>
        ${shown.map((one, at) => html`<${Option} key=${`${one.kind} ${one.key}`} one=${one} option=${options.option(at)} />`)}
        ${
          searches &&
          html`<li key="search" class="options__option" ...${options.option(shown.length)}>
            <span class="switcher__symbol"><${Icon} name="search" size=${16} /></span>
            <span class="options__name" dir="auto">${t('Search for “{words}”', { words })}</span>
          </li>`
        }
      </ul>
      ${shown.length === 0 && !searches && html`<p class="switcher__none" role="status">${t('No matches')}</p>`}
      ${people?.more && html`<div class="switcher__foot"><button class="button button--small" type="button" data-dialog=${people.more.dialog}><${Icon} name=${people.more.icon} size=${14} /> ${people.more.name}</button></div>`}
    <//>
  `;
}

/** Whom one writes to. */
export function People() {
  return html`<${Switcher} people=${{ title: t('New message'), label: t('To:'), pick: openDirectMessage, more: { dialog: 'new-group', icon: 'users', name: t('Message several people') } }} />`;
}

/** As whom this window shows the workspace. */
export function ViewAs() {
  return html`<${Switcher} people=${{ title: t('View as'), label: t('View as:'), pick: viewAs }} />`;
}

/** @param {string} userId */
async function viewAs(userId) {
  closeDialog();
  await actAs(userId);
}

/** @param {() => void} act what may open another dialog */
function leave(act) {
  closeDialog();
  act();
}

/** @param {{ one: Offered, option: Record<string, unknown> }} props */
function Option({ one, option }) {
  return html`
    <li class=${`options__option${one.badge?.isBold ? ' options__option--unread' : ''}`} ...${option}>
      <span class="switcher__symbol">${symbolOf(one)}</span>
      <span class="options__name" dir="auto">${pieces(one.title, one.at).map(({ text, typed }, at) => (typed ? html`<b key=${at} class="options__typed">${text}</b>` : text))}</span>
      ${(one.kind === 'person' || one.kind === 'inactive') && html`${' '}<${AgentBadge} user=${userOf(one.key)} />`}
      ${' '}<span class="options__detail" dir="auto">${one.detail}</span>
      ${one.badge?.count ? html`${' '}<span class="options__badge">${one.badge.count}<span class="visually-hidden"> ${t('unread')}</span></span>` : null}
    </li>
  `;
}

/** @param {Destination} one */
function symbolOf({ kind, key }) {
  if (kind === 'inactive') return html`<${Icon} name="user-round" size=${16} />`;
  if (kind === 'person') return html`<${Avatar} user=${userOf(key)} size=${24} presence />`;
  const icon = commands.find((command) => command.key === key)?.icon;
  return html`<${Icon} name=${kind === 'command' ? icon : iconOf(channels.value?.[key])} size=${16} />`;
}

/** @param {Channel | undefined} channel */
function iconOf(channel) {
  if (channel?.kind === 'group_dm') return 'users';
  return channel?.kind === 'private' ? 'lock' : 'hash';
}

/** @param {boolean} onlyPeople @param {User[]} inactive @returns {Destination[]} */
function destinations(onlyPeople, inactive) {
  const me = session.value?.userId;
  const persons = members.value
    .filter((user) => user.id !== me)
    .map((user) => {
      const channelId = directMessageWith(user.id)?.id;
      return {
        key: user.id,
        kind: /** @type {const} */ ('person'),
        title: user.displayName,
        detail: user.title,
        also: user.id,
        ...(channelId && !isHere(channelId) ? { channelId, badge: badgeOf(channelId, false) } : {}),
      };
    });
  if (onlyPeople) return persons;
  const places = Object.values(channels.value ?? {})
    // A DM with an active member is found by that person.
    .filter(
      (channel) => channel.kind !== 'dm' || !isMine(channel) || isActive(otherMember(channel).id) === false,
    )
    .map((channel) => ({
      key: channel.id,
      kind: /** @type {const} */ ('channel'),
      title: isDirect(channel) ? titleOf(channel) : channel.name,
      detail: !isDirect(channel)
        ? channel.topic
        : !isMine(channel)
          ? t('Between agents')
          : channel.kind === 'dm'
            ? t('Inactive · direct messages')
            : t('Group of {count}', { count: channel.memberIds.length }),
      channelId: channel.id,
      badge: badgeOf(channel.id, isHere(channel.id)),
    }));
  const gone = inactive.map((user) => ({
    key: user.id,
    kind: /** @type {const} */ ('inactive'),
    title: user.displayName,
    detail: t('Inactive · {title}', { title: user.title }),
    also: user.id,
  }));
  const doing = commands.map(({ key, title }) => ({
    key,
    kind: /** @type {const} */ ('command'),
    title,
    detail: '',
  }));
  return [...places, ...persons, ...gone, ...doing];
}

/** @param {Destination} one */
function isWritable({ kind, key }) {
  if (kind === 'person') return true;
  const me = session.value?.userId ?? '';
  return kind === 'channel' && (channels.value?.[key]?.memberIds.includes(me) ?? false);
}

/** @param {string} channelId */
function isHere(channelId) {
  const here = route.value;
  return here.view === 'channel' && here.channelId === channelId;
}
