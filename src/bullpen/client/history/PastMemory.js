import { addressOfRun } from '../core/addresses.js';
import { html } from '../core/html.js';
import { plural, t } from '../core/language.js';
import { compareNames } from '../core/name-order.js';
import { channels, titleOf, userOf, users } from '../core/store/store.js';
import { today } from '../core/time.js';
import { momentLabel } from '../core/time-format.js';
import { Field } from '../ui/Field.js';
import { Failed } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { useLoaded } from '../ui/use-loaded.js';
import { getPastMemory } from './requests.js';

/** @import { Channel, PastNote } from '../core/types.js' */

/** @param {{ channel: Channel, agentId: string, at: string, choose: (agentId: string) => void }} props */
export function PastMemory({ channel, agentId, at, choose }) {
  const agents = channel.memberIds
    .map((id) => userOf(id))
    .filter((user) => user.kind === 'agent')
    .toSorted((a, b) => compareNames(a.displayName, b.displayName));
  const isOther = agentId !== '' && !agents.some(({ id }) => id === agentId) && users.value[agentId];
  return html`
    <section class="card history__card" aria-labelledby="history-memory">
      <h2 class="form__title" id="history-memory">${t('Memory')}</h2>
      <${Field} label=${t('Of')} name="history-agent" tag="select" value=${agentId} onInput=${choose}>
        <option value="">${t('Choose an agent')}</option>
        ${[...agents, ...(isOther ? [userOf(agentId)] : [])].map((user) => html`<option key=${user.id} value=${user.id}>${user.displayName}</option>`)}
      <//>
      ${agentId !== '' && html`<${MemoryOf} agentId=${agentId} at=${at} />`}
    </section>
  `;
}

/** @param {{ agentId: string, at: string }} props */
function MemoryOf({ agentId, at }) {
  const memory = useLoaded(`past-memory:${agentId}:${at}`, () => getPastMemory(agentId, at), { keep: true });
  if (memory.failure?.status === 403)
    return html`<p class="quiet">${t('You don’t have permission to see what agents remember.')}</p>`;
  if (memory.failure) return html`<${Failed} failure=${memory.failure} retry=${memory.reload} />`;
  if (!memory.data) return html`<${PageSkeleton} label=${t('Loading memory')} />`;
  const { blocks, notes, passages, hasMorePassages } = memory.data;
  if (blocks.length + notes.length + passages.length === 0)
    return html`<p class="quiet">${t('Nothing was remembered at that moment.')}</p>`;
  return html`
    <ul class="history__rows">
      ${[...blocks, ...notes].map((note) => html`<${Note} key=${`${note.label}:${note.agentId}:${note.channelId}`} note=${note} />`)}
    </ul>
    ${
      passages.length > 0 &&
      html`
        <h3 class="history__label">${hasMorePassages ? t('Archive: the {count} newest passages', { count: passages.length }) : plural(passages.length, 'Archive: {count} passage', 'Archive: {count} passages')}</h3>
        <ul class="history__rows">
          ${passages.map((passage) => html`<li key=${passage.id} class="history__text" dir="auto">${passage.content}</li>`)}
        </ul>
      `
    }
  `;
}

/** @param {{ note: PastNote }} props */
function Note({ note }) {
  const place = channels.value?.[note.channelId ?? ''];
  const time = momentLabel(new Date(note.createdAt), today.value);
  return html`<li>
    <p class="history__label"><span dir="auto">${note.label}</span>${place ? ` · ${t('{channel} only', { channel: titleOf(place) })}` : ''}</p>
    <p class="history__text" dir="auto">${note.content}</p>
    <p class="past__note">
      ${note.userId ? t('Version {version}, {time}, by {name}', { version: note.version, time, name: userOf(note.userId).displayName }) : t('Version {version}, {time}', { version: note.version, time })}
      ${note.runId && html` · <a href=${addressOfRun(note.runId)}>${t('Run')}</a>`}
    </p>
  </li>`;
}
