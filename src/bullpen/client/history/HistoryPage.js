import { isDirect } from '../core/kinds.js';
import { t } from '../core/language.js';
import '../ui/page-icons.js';
import { addressOf, addressOfHistory } from '../core/addresses.js';
import { html } from '../core/html.js';
import { homeOf } from '../core/loading.js';
import { compareNames } from '../core/name-order.js';
import { query, replace } from '../core/router.js';
import { channels, session, titleOf } from '../core/store/store.js';
import { MenuButton } from '../shell/Header.js';
import { CopyField } from '../ui/CopyField.js';
import { Empty } from '../ui/Empty.js';
import { Field } from '../ui/Field.js';
import { Icon } from '../ui/Icon.js';
import { Failed } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { useLoaded } from '../ui/use-loaded.js';
import { MomentPicker } from './MomentPicker.js';
import { PastMemory } from './PastMemory.js';
import { PastMessages } from './PastMessages.js';
import { PastQueue } from './PastQueue.js';
import { getMoments } from './requests.js';

/** A channel, its queue and an agent's memory as of a moment. Nothing here can be changed. */
export function HistoryPage() {
  const all = channels.value;
  const known = Object.values(all ?? {}).toSorted((a, b) => compareNames(titleOf(a), titleOf(b)));
  const wanted = query.value.get('channel');
  const channel = all?.[wanted ?? ''] ?? (wanted ? undefined : homeOf(known, session.value));
  const chosen = momentIn(query.value.get('at'));
  const agentId = query.value.get('agent') ?? '';
  const moments = useLoaded(
    `moments:${channel?.id}:${chosen}:${agentId}`,
    async () => (channel ? getMoments(channel.id, chosen ?? afterAll, agentId) : null),
    { keep: true },
  );
  // Until one is chosen, the server's present: this device's clock may be wrong.
  const at = chosen ?? moments.data?.latest;

  /** @param {{ channel?: string, at?: string, agent?: string }} change */
  const show = (change) =>
    replace(addressOfHistory({ channel: channel?.id ?? '', at: chosen ?? '', agent: agentId, ...change }));

  return html`
    <header class="header">
      <${MenuButton} />
      <h1 class="header__name" tabindex="-1"><${Icon} name="rotate-ccw-clock" size=${18} strokeWidth=${2.4} /><span class="header__name-text">${t('Time machine')}</span></h1>
    </header>
    <div class="page__scroller">
      <div class="page__content history">
        <p class="page__intro">${t('See a channel, the work that was waiting and an agent’s memory as they were. Nothing can be changed here, and what was deleted since stays deleted.')}</p>
        <div class="history__choice">
          <${Field} label=${t('Channel')} name="history-channel" tag="select" value=${channel?.id ?? ''} onInput=${(/** @type {string} */ id) => show({ channel: id, agent: '' })}>
            ${!channel && html`<option value="">${t('Choose a channel')}</option>`}
            ${known.map((one) => html`<option key=${one.id} value=${one.id}>${isDirect(one) ? titleOf(one) : `#${one.name}`}</option>`)}
          <//>
          ${channel && html`<a class="button button--small" href=${addressOf(channel)}>${t('Open as it is now')}</a>`}
        </div>
        ${body()}
      </div>
    </div>
  `;

  function body() {
    if (all === null || all === undefined) return null;
    if (!channel)
      return html`<${Empty} icon="circle-question-mark" title=${t('This channel can’t be shown')} text=${t('It was deleted, or you can’t read it. Choose another one.')} />`;
    if (moments.failure) return html`<${Failed} failure=${moments.failure} retry=${moments.reload} />`;
    if (!at || !moments.data) return html`<${PageSkeleton} label=${t('Loading the moments')} />`;
    return html`
      <${MomentPicker} at=${at} moments=${moments.data} busy=${moments.busy} choose=${(/** @type {string} */ next) => show({ at: next })} />
      <div class="history__columns">
        <${PastMessages} channelId=${channel.id} at=${at} />
        <div class="history__side">
          <${PastQueue} channelId=${channel.id} at=${at} />
          <${PastMemory} channel=${channel} agentId=${agentId} at=${at} choose=${(/** @type {string} */ id) => show({ agent: id })} />
        </div>
      </div>
      <section class="card history__card history__fork" aria-labelledby="history-fork">
        <h2 class="form__title" id="history-fork">${t('Fork from here')}</h2>
        <p class="quiet">${t('Copies the workspace as of this moment into a folder with a database of its own, for experiments. Run this where the server runs.')}</p>
        <${CopyField} label=${t('Command')} name="fork" value=${`bullpen fork ./experiment --at ${at}`} />
      </section>
    `;
  }
}

const afterAll = '9999-01-01T00:00:00Z';

/** @param {string | null} text @returns {string | null} null where it is no moment */
function momentIn(text) {
  const moment = new Date(text ?? '');
  return Number.isNaN(moment.getTime()) ? null : (text ?? null);
}
