import { useSignal } from '@preact/signals';
import { signOut } from '../account/requests.js';
import { emojiIn } from '../composer/emoji.js';
import { html } from '../core/html.js';
import { request } from '../core/http.js';
import { t } from '../core/language.js';
import { isTeam } from '../core/mode.js';
import { sentenceOf } from '../core/refusals.js';
import { forgetSeen } from '../core/seen-owner.js';
import { addressOfMember, dispatch, session, userOf } from '../core/store/store.js';
import { signInAddress } from '../core/wanted-address.js';
import { endPush } from '../push/push.js';
import { Avatar } from '../ui/Avatar.js';
import { settle } from '../ui/after-save.js';
import { Dialog } from '../ui/Dialog.js';
import { openDialog } from '../ui/dialog-state.js';
import { Field, submitOnCtrlEnter } from '../ui/Field.js';
import { useDraftedSignal } from '../ui/form-drafts.js';
import { useSave } from '../ui/use-save.js';
import { LanguageChoice } from './LanguageChoice.js';
import { NotificationsChoice } from './NotificationsChoice.js';

/** @import { User } from '../core/types.js' */

const usual = [
  { emoji: '📅', text: t('In a meeting') },
  { emoji: '🎧', text: t('Focusing') },
  { emoji: '🍱', text: t('At lunch') },
  { emoji: '🚗', text: t('On the way') },
  { emoji: '🤒', text: t('Out sick') },
  { emoji: '🌴', text: t('On vacation') },
];

const plain = '💬';

const presences = /** @type {const} */ ([
  { presence: 'active', name: t('Active') },
  { presence: 'away', name: t('Away') },
]);

/** @param {string} what @param {unknown} value */
async function put(what, value) {
  const path = `/api/users/${encodeURIComponent(session.value?.userId ?? '')}/${what}`;
  const answer = await request(path, { method: 'PUT', body: JSON.stringify(value) });
  dispatch({ type: 'user', user: await answer.json() });
}

/** The status that others see, and the user's notifications. */
export function StatusDialog() {
  const user = userOf(session.value?.userId ?? '');
  return html`
    <${Dialog} name="me" title=${user.displayName}>
      <div class="dialog__body">
        <div class="me__who">
          <${Avatar} user=${user} size=${36} presence />
          <span class="quiet" dir="auto">${user.title}</span>
          <${Pages} user=${user} />
        </div>
        <${StatusForm} key=${user.id} user=${user} />
        <${PresenceChoice} user=${user} />
        <${NotificationsChoice} />
        <${LanguageChoice} id="me-language" />
      </div>
    <//>
  `;
}

/** @param {{ user: User }} props */
function Pages({ user }) {
  const leaving = useSave();
  return html`
    <span class="me__pages">
      ${user.kind === 'person' ? html`<a class="plain-link" href="/account">${t('Your account')}</a>` : html`<a class="plain-link" href=${addressOfMember(user.id)}>${t('Open profile')}</a>`}
      ${!isTeam && html`<button class="plain-link" type="button" onClick=${() => openDialog('view-as')}>${t('View as…')}</button>`}
      <a class="plain-link" href="/activity">${t('Activity')}</a>
      <a class="plain-link" href="/settings">${t('Settings')}</a>
      <a class="plain-link" href="/admin">${t('Administration')}</a>
      ${isTeam && html`<button class="plain-link" type="button" disabled=${leaving.busy} onClick=${() => leaving.save(leave)}>${t('Sign out')}</button>`}
    </span>
    ${leaving.problem && html`<p class="field__error" role="alert">${sentenceOf(leaving.problem.failure)}</p>`}
  `;
}

/** What was typed and not sent stays in this browser for the next sign-in. */
async function leave() {
  forgetSeen();
  await signOut();
  await endPush();
  location.replace(signInAddress('/', 'signed-out'));
}

/** @param {{ user: User }} props */
function StatusForm({ user }) {
  const emoji = useDraftedSignal('status-emoji', user.status?.emoji ?? '');
  const text = useDraftedSignal('status-text', user.status?.text ?? '');
  const saved = useSignal(false);
  const none = useSignal(false);
  const saving = useSave();
  const fields = saving.problem?.fields ?? {};
  const empty = emoji.value.trim() === '' && text.value.trim() === '';
  const dirty = emoji.value !== (user.status?.emoji ?? '') || text.value !== (user.status?.text ?? '');

  /** @param {string} nextEmoji @param {string} nextText */
  function edit(nextEmoji, nextText) {
    saved.value = false;
    none.value = false;
    emoji.value = nextEmoji;
    text.value = nextText;
  }

  async function save() {
    const typed = { emoji: emoji.value, text: text.value };
    const given = { emoji: typed.emoji.trim(), text: typed.text.trim() };
    const form = await emojiIn(given.emoji || plain);
    none.value = form === null;
    if (form === null) return;
    const status = given.emoji + given.text === '' ? null : { ...given, emoji: form };
    const done = await saving.save(async () => {
      await put('status', status);
      return true;
    });
    if (!done) return;
    settle(emoji, typed.emoji, status?.emoji ?? '');
    settle(text, typed.text, status?.text ?? '');
    saved.value = true;
  }

  return html`
    <form
      class="about__part"
      aria-labelledby="me-status"
      novalidate
      onKeyDown=${submitOnCtrlEnter}
      onSubmit=${(/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        save();
      }}
    >
      <h3 class="form__title" id="me-status">${t('Status')}</h3>
      <div class="me__status">
        <${Field} label=${t('Emoji')} name="status-emoji" value=${emoji.value} error=${none.value ? t('Enter one emoji.') : fields.emoji} maxlength=${16} placeholder=${plain}
          onInput=${(/** @type {string} */ value) => edit(value, text.value)} />
        <${Field} label=${t("What's your status?")} name="status-text" value=${text.value} error=${fields.text} limit=${100} autofocus
          onInput=${(/** @type {string} */ value) => edit(emoji.value, value)} />
      </div>
      <div class="me__usual" role="group" aria-label=${t('Suggestions')}>
        ${usual.map((one) => html`<button key=${one.text} class="chip" type="button" onClick=${() => edit(one.emoji, one.text)}>${one.emoji} ${one.text}</button>`)}
      </div>
      <div class="form__buttons">
        <span class="quiet about__said" role="status">${saved.value && !dirty ? t('Saved') : ''}</span>
        ${saving.problem && Object.keys(fields).length === 0 && html`<span class="field__error" role="alert">${sentenceOf(saving.problem.failure)}</span>`}
        ${
          !empty &&
          html`<button class="button button--small" type="button" disabled=${saving.busy} onClick=${() => {
            edit('', '');
            save();
          }}>${t('Clear')}</button>`
        }
        <button class="button button--main" type="submit" disabled=${!dirty || saving.busy}>${saving.busy ? t('Saving…') : t('Save')}</button>
      </div>
    </form>
  `;
}

/** @param {{ user: User }} props */
function PresenceChoice({ user }) {
  const saving = useSave();
  const chosen = useSignal(/** @type {string | null} */ (null));
  const shown = chosen.value ?? user.presence;

  /** @param {'active' | 'away'} presence */
  async function choose(presence) {
    chosen.value = presence;
    await saving.save(() => put('presence', { presence }));
    chosen.value = null;
  }

  return html`
    <section class="about__part">
      <fieldset class="choices me__presence">
        <legend class="form__title">${t('Availability')}</legend>
        ${presences.map(
          ({ presence, name }) => html`
            <label key=${presence} class="choice">
              <input
                type="radio"
                name="presence"
                value=${presence}
                checked=${shown === presence}
                onChange=${() => choose(presence)}
              />
              <span class=${`presence presence--${presence} me__dot`}></span>
              <span class="choice__name">${name}</span>
            </label>
          `,
        )}
      </fieldset>
      ${saving.problem && html`<p class="alert" role="alert">${sentenceOf(saving.problem.failure)}</p>`}
    </section>
  `;
}
