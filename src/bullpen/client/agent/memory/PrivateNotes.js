import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { addressOf, nameOfNote } from '../../core/addresses.js';
import { html } from '../../core/html.js';
import { isDirect } from '../../core/kinds.js';
import { sentence, t } from '../../core/language.js';
import { sentenceOf } from '../../core/refusals.js';
import { channels, titleOf } from '../../core/store/store.js';
import { isMemory, useEvents } from '../../core/store/use-events.js';
import { inlineMomentLabel } from '../../core/time-format.js';
import { Collapsible } from '../../ui/Collapsible.js';
import { ConfirmButton } from '../../ui/ConfirmButton.js';
import { useDraft } from '../../ui/form-drafts.js';
import { Icon } from '../../ui/Icon.js';
import { useLinked } from '../../ui/use-linked.js';
import { useLoaded } from '../../ui/use-loaded.js';
import { useSave } from '../../ui/use-save.js';
import { BlockEditor } from './BlockEditor.js';
import { BlockVersions } from './BlockVersions.js';
import { deleteNote, getNotes, getNoteVersions, putNote, restoreNote } from './requests.js';

/** @import { BlockDraft } from './BlockEditor.js' */
/** @import { Agent, PrivateNote } from '../../core/types.js' */

/** What the agent noted in private places, by place; nothing where there is none. @param {{ agent: Agent, below: boolean }} props below: whether what is above has been loaded */
export function PrivateNotes({ agent, below }) {
  const notes = useLoaded(`notes:${agent.id}`, () => getNotes(agent.id));
  useEvents(isMemory, async () => {
    const fresh = await getNotes(agent.id).catch(() => null);
    if (fresh) notes.set(() => fresh);
  });
  const places = Map.groupBy(notes.data ?? [], (note) => note.channelId);
  return [...places].map(
    ([channelId, all]) =>
      html`<${PlaceNotes} key=${channelId} agent=${agent} channelId=${channelId} notes=${all} below=${below} reload=${notes.reload} />`,
  );
}

/** @param {{ agent: Agent, channelId: string, notes: PrivateNote[], below: boolean, reload: () => void }} props */
function PlaceNotes({ agent, channelId, notes, below, reload }) {
  const channel = channels.value?.[channelId];
  const title = channel ? titleOf(channel) : channelId;
  const place = channel && isDirect(channel) ? t('the DM with {title}', { title }) : title;
  const id = `notes-${channelId}`;
  return html`
    <section class="notes" aria-labelledby=${id}>
      <h2 class="notes__title" id=${id}><${Icon} name="lock" size=${16} /> ${sentence(t('Private notes from {place}'), { place: channel ? html`<a class="plain-link" href=${addressOf(channel)}>${place}</a>` : place })}</h2>
      <p class="quiet">${t('Only members of {place} can see these notes. {name} uses them only where everyone who can read the reply can also read {place}.', { place, name: agent.displayName })}</p>
      <div class="cards">
        ${notes.map((note) => html`<${Note} key=${note.id} note=${note} below=${below} reload=${reload} />`)}
      </div>
    </section>
  `;
}

/** @param {{ note: PrivateNote, below: boolean, reload: () => void }} props */
function Note({ note, below, reload }) {
  const [draft, setDraft] = useDraft(`note:${note.id}`);
  const showsVersions = useSignal(false);
  const removing = useSave();
  const editing = draft !== undefined;
  // An editor keeps the one it began with, even if others change it meanwhile.
  const began = useRef(note);
  if (!editing) began.current = note;
  const titleId = `note-${note.id}`;
  const { ref, linked } = useLinked(nameOfNote(note.channelId, note.label), below);

  async function remove() {
    if (await removing.save(() => deleteNote(note))) reload();
  }
  /** @param {BlockDraft} body */
  const put = (body) => putNote(note, body);
  /** @param {number} [before] */
  const page = (before) => getNoteVersions(note, before);
  /** @param {number} version */
  const restoreTo = (version) => restoreNote(note, version);

  return html`
    <article class=${`card block${linked ? ' block--linked' : ''}`} aria-labelledby=${titleId} tabindex=${linked ? -1 : undefined} ref=${ref}>
      <header class="block__head">
        <h3 class="block__label" id=${titleId} dir="auto">${note.label}</h3>
        <div class="block__tools">
          ${
            !editing &&
            html`<button class="button button--small button--quiet" type="button" aria-label=${t('Edit the note {label}', { label: note.label })}
              onClick=${() => setDraft({ content: note.content, version: note.version })}>
              <${Icon} name="pencil" size=${16} /> ${t('Edit')}
            </button>`
          }
          <button class="button button--small button--quiet" type="button" aria-expanded=${showsVersions.value}
            aria-label=${t('Versions of the note {label}', { label: note.label })} onClick=${() => {
              showsVersions.value = !showsVersions.value;
            }}>
            <${Icon} name="rotate-ccw-clock" size=${16} /> ${t('Versions')}
          </button>
          <${ConfirmButton} icon="trash" label=${t('Delete')} name=${t('the note {label}', { label: note.label })} question=${t('Delete this note and its history?')} yes=${t('Delete')} act=${remove} busy=${removing.busy} />
        </div>
      </header>
      ${
        editing
          ? html`<${BlockEditor} block=${began.current} draft=${/** @type {BlockDraft} */ (draft)} setDraft=${setDraft} put=${put} saved=${reload} removed=${reload} />`
          : html`<div class="block__content"><${Collapsible} text=${note.content} most=${1600} lines=${18} class="block__text" /></div>
              <footer class="block__foot">
                <span>${t('Version {version} · {time}', { version: note.version, time: inlineMomentLabel(new Date(note.updatedAt), new Date()) })}</span>
                ${removing.problem && html`<span class="field__error" role="alert">${sentenceOf(removing.problem.failure)}</span>`}
              </footer>`
      }
      ${showsVersions.value && html`<${BlockVersions} block=${note} getPage=${page} restoreTo=${restoreTo} changed=${reload} />`}
    </article>
  `;
}
