import { archiveChannel, restoreChannel } from '../channels/archiving.js';
import { DeleteChannel } from '../channels/DeleteChannel.js';
import { deleteChannel } from '../channels/requests.js';
import { addressOf } from '../core/addresses.js';
import { html } from '../core/html.js';
import { isDirect } from '../core/kinds.js';
import { plural, t } from '../core/language.js';
import { compareNames } from '../core/name-order.js';
import { sentenceOf } from '../core/refusals.js';
import { channels } from '../core/store/store.js';
import { useEvents } from '../core/store/use-events.js';
import { ConfirmButton } from '../ui/ConfirmButton.js';
import { Icon } from '../ui/Icon.js';
import { Failed } from '../ui/Notice.js';
import { say } from '../ui/prompts.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { useLoaded } from '../ui/use-loaded.js';
import { useSave } from '../ui/use-save.js';
import { getArchived } from './requests.js';

/** @import { Channel } from '../core/types.js' */

const changes = new Set(['reset', 'channel.updated', 'channel.deleted']);

/** Active channels, which can be archived; and archived ones, which can be restored or deleted. */
export function ChannelsTab() {
  const archived = useLoaded('archived', getArchived);
  useEvents((event) => changes.has(event.type), archived.reload);
  const active = Object.values(channels.value ?? {})
    .filter((one) => !isDirect(one))
    .toSorted((a, b) => compareNames(a.name, b.name));
  return html`
    <section class="account__part" aria-labelledby="channels-active">
      <h2 class="form__title" id="channels-active">${t('Channels')} <span class="section-title__count">${active.length}</span></h2>
      <p class="page__intro">${t('An archived channel can’t be written in. Its messages stay and can be searched. Private channels of others are not listed here.')}</p>
      <ul class="facts-list" aria-labelledby="channels-active">
        ${active.map((channel) => html`<${ActiveRow} key=${channel.id} channel=${channel} changed=${archived.reload} />`)}
      </ul>
    </section>
    <section class="account__part" aria-labelledby="channels-archived">
      <h2 class="form__title" id="channels-archived">${t('Archive')} <span class="section-title__count">${archived.data?.length ?? ''}</span></h2>
      ${archived.failure && html`<${Failed} failure=${archived.failure} retry=${archived.reload} />`}
      ${!archived.data && !archived.failure && html`<${PageSkeleton} />`}
      ${archived.data?.length === 0 && html`<p class="page__intro">${t('No channel is archived.')}</p>`}
      ${
        archived.data &&
        archived.data.length > 0 &&
        html`<ul class="facts-list" aria-labelledby="channels-archived">
          ${archived.data.map((channel) => html`<${ArchivedRow} key=${channel.id} channel=${channel} changed=${archived.reload} />`)}
        </ul>`
      }
    </section>
  `;
}

/** @param {{ channel: Channel, changed: () => void }} props */
function ActiveRow({ channel, changed }) {
  const saving = useSave();

  async function archive() {
    const done = await saving.save(async () => {
      await archiveChannel(channel);
      return true;
    });
    if (done) changed();
  }

  return html`
    <li class="facts-list__row">
      <${About} channel=${channel} link problem=${saving.problem} />
      <${ConfirmButton} icon="archive" label=${t('Archive', {}, 'verb')} name=${`#${channel.name}`} question=${t('Archive #{channel}?', { channel: channel.name })} yes=${t('Archive', {}, 'verb')} busy=${saving.busy} act=${archive} />
    </li>
  `;
}

/** @param {{ channel: Channel, changed: () => void }} props */
function ArchivedRow({ channel, changed }) {
  const saving = useSave();

  /** @param {() => Promise<unknown>} work @param {string} done */
  async function change(work, done) {
    const answer = await saving.save(async () => {
      await work();
      return true;
    });
    if (!answer) return;
    say(done);
    changed();
  }

  return html`
    <li class="facts-list__row channel-row">
      <${About} channel=${channel} problem=${saving.problem} />
      <button class="button button--small" type="button" aria-label=${t('Restore #{channel}', { channel: channel.name })} disabled=${saving.busy} onClick=${() => change(() => restoreChannel(channel), t('#{channel} is restored.', { channel: channel.name }))}><${Icon} name="archive-restore" size=${16} />${t('Restore')}</button>
      <${DeleteChannel} channel=${channel} busy=${saving.busy} remove=${() => change(() => deleteChannel(channel.id), t('#{channel} is deleted.', { channel: channel.name }))} />
    </li>
  `;
}

/** @param {{ channel: Channel, link?: boolean, problem: import('../ui/use-save.js').Problem | null }} props */
function About({ channel, link = false, problem }) {
  const { name, kind, topic, memberIds } = channel;
  const icon = html`<${Icon} name=${kind === 'private' ? 'lock' : 'hash'} size=${14} />`;
  const members = plural(memberIds.length, '{count} member', '{count} members');
  return html`
    <span class="rows__text">
      <span class="facts-list__name" dir="auto">${icon}${link ? html`<a class="rows__name" href=${addressOf(channel)}>${name}</a>` : name}</span>
      <span class="rows__detail" dir="auto">${[kind === 'private' ? t('Private') : t('Public'), members, topic].filter(Boolean).join(' · ')}</span>
      ${problem && html`<span class="field__error" role="alert">${sentenceOf(problem.failure)}</span>`}
    </span>
  `;
}
