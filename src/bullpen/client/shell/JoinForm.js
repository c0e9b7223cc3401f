import { signal } from '@preact/signals';
import { beAgain, showJoined } from '../core/acting.js';
import { html } from '../core/html.js';
import { send } from '../core/http.js';
import { t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';
import { readEntry, writeEntry } from '../core/storage.js';
import { members } from '../core/store/store.js';
import { Field, submitOnCtrlEnter } from '../ui/Field.js';
import { useSave } from '../ui/use-save.js';

/** @import { User } from '../core/types.js' */

const place = 'bullpen.join';

/** What was typed stays until somebody has joined, also when the form is closed. */
const typed = signal(String(readEntry(place, 'window') ?? ''));

/** @param {string} name */
function type(name) {
  typed.value = name;
  writeEntry(place, name, 'window');
}

/** @param {string} name @returns {Promise<User>} */
async function join(name) {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const person = await send('POST', '/api/people', { displayName: name.trim(), timeZone });
  const { id, displayName, title, avatarColor } = person;
  return { id, displayName, title, avatarColor, presence: 'active', kind: 'person' };
}

/** A name, with which somebody becomes a person in the workspace. @param {{ done?: () => void }} props */
export function JoinForm({ done }) {
  const saving = useSave();
  const failure = saving.problem?.failure;
  const fields = saving.problem?.fields ?? {};
  const isTaken = failure?.code === 'name_taken' || failure?.code === 'id_taken';
  const wrong =
    fields.displayName !== undefined && typed.value.trim() === ''
      ? t('Enter your name.')
      : (fields.displayName ?? (isTaken ? sentenceOf(failure) : undefined));
  const sameName = isTaken ? personCalled(typed.value) : undefined;

  /** @param {() => Promise<void>} become */
  async function become(become) {
    const joined = await saving.save(async () => {
      await become();
      return true;
    });
    if (!joined) return;
    type('');
    done?.();
  }

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    become(async () => showJoined(await join(typed.peek())));
  }

  return html`
    <form class="join" onSubmit=${submit} onKeyDown=${submitOnCtrlEnter} aria-label=${t('Join as yourself')} novalidate>
      <${Field} label=${t('Your name')} name="join-name" value=${typed.value} error=${wrong} maxlength=${80} required autofocus
        onInput=${(/** @type {string} */ name) => {
          saving.forget();
          type(name);
        }} />
      ${sameName && html`<button class="button" type="button" disabled=${saving.busy} onClick=${() => become(() => beAgain(sameName.id))}>${t('Continue as {name}', { name: sameName.displayName })}</button>`}
      ${failure && !wrong && html`<p class="alert" role="alert">${sentenceOf(failure)}</p>`}
      <button class="button button--main join__submit" type="submit" disabled=${saving.busy}>${saving.busy ? t('Joining…') : t('Join as yourself')}</button>
    </form>
  `;
}

/** Somebody who has joined before, perhaps in another browser. @param {string} name */
function personCalled(name) {
  const wanted = name.trim().toLowerCase();
  return members.value.find((user) => user.kind === 'person' && user.displayName.toLowerCase() === wanted);
}
