import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { isTeam } from '../core/mode.js';
import { dispatch, userOf } from '../core/store/store.js';
import { LanguageChoice } from '../settings/LanguageChoice.js';
import { Avatar } from '../ui/Avatar.js';
import { fieldsAfterSave } from '../ui/after-save.js';
import { Field, SaveBar, submitOnCtrlEnter } from '../ui/Field.js';
import { useDraft } from '../ui/form-drafts.js';
import { PictureField } from '../ui/PictureField.js';
import { pathOfPicture, pictureOf } from '../ui/picture-paths.js';
import { useSave } from '../ui/use-save.js';
import { EmailForm } from './EmailForm.js';
import { entryProblems } from './entry-problems.js';
import { changeMe } from './requests.js';
import { ownZone, timeZones } from './time-zones.js';

/** @import { Me, User } from '../core/types.js' */

/** @typedef {Partial<{ displayName: string, title: string, avatarColor: string, timeZone: string }>} Draft only what differs from what is saved */

/** How others see oneself. @param {{ me: Me, changed: (change: (me: Me) => Me) => void, reload: () => void }} props */
export function ProfileTab({ me, changed, reload }) {
  const [draft = {}, setDraft] = useDraft(`account:${me.id}`);
  const edited = /** @type {Draft} */ (draft);
  const saving = useSave();
  const saved = useSignal(false);
  const { fields } = entryProblems(saving.problem);
  const dirty = Object.keys(edited).length > 0;
  const kept = {
    displayName: me.displayName,
    title: me.title,
    avatarColor: me.avatarColor,
    timeZone: me.timeZone ?? '',
  };
  const shown = { ...kept, ...edited };

  /** @param {keyof Draft} name @param {string} value */
  function set(name, value) {
    saved.value = false;
    const { [name]: _before, ...others } = edited;
    const next = kept[name] === value ? others : { ...others, [name]: value };
    setDraft(Object.keys(next).length > 0 ? next : undefined);
  }

  /** @param {keyof Draft} name */
  const field = (name) => ({
    name,
    value: shown[name],
    error: fields[name],
    onInput: (/** @type {string} */ value) => set(name, value),
  });

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    const { timeZone, ...texts } = edited;
    const change = { ...texts, ...(timeZone === undefined ? {} : { timeZone: timeZone || null }) };
    const answer = await saving.save(() => changeMe(change));
    if (!answer) return;
    changed(() => answer);
    const { displayName, title, avatarColor } = answer;
    dispatch({ type: 'user', user: { ...userOf(me.id), displayName, title, avatarColor } });
    setDraft(fieldsAfterSave(edited));
    saved.value = true;
  }

  /** @param {User} user */
  function pictureChanged(user) {
    dispatch({ type: 'user', user });
    changed(({ picture: _before, ...others }) => ({ ...others, ...pictureOf(user) }));
  }

  const general = { ...saving, problem: saving.problem && { ...saving.problem, fields } };
  return html`
    <form class="account__form" onSubmit=${submit} onKeyDown=${submitOnCtrlEnter} aria-label=${t('Profile')} novalidate>
      <section class="account__part" aria-labelledby="account-profile">
        <h2 class="form__title" id="account-profile">${t('Profile')}</h2>
        <${PictureField} face=${html`<${Avatar} user=${{ ...userOf(me.id), ...shown }} size=${64} />`} path=${pathOfPicture(me.id)} what=${t('your picture')} has=${userOf(me.id).picture !== undefined} changed=${pictureChanged} />
        <div class="form__row">
          <${Field} label=${t('Name')} ...${field('displayName')} autocomplete="name" maxlength=${80} required />
          <${Field} label=${t('Title')} ...${field('title')} autocomplete="organization-title" maxlength=${80} />
          <${Field} label=${t('Color')} type="color" ...${field('avatarColor')} />
        </div>
        <div class="account__zone">
          <${Field} label=${t('Time zone')} tag="select" ...${field('timeZone')} hint=${t('Others see your local time.')}>
            <option value="">${t('Not set (this browser: {zone})', { zone: ownZone() })}</option>
            ${timeZones(shown.timeZone).map((zone) => html`<option key=${zone} value=${zone}>${zone.replaceAll('_', ' ')}</option>`)}
          <//>
        </div>
      </section>
      <${SaveBar} dirty=${dirty} saved=${saved.value} saving=${general} discard=${() => {
        saving.forget();
        setDraft(undefined);
      }} />
    </form>
    <${LanguageChoice} id="account-language" tag="h2" />
    ${isTeam && html`<${EmailForm} me=${me} changed=${changed} reload=${reload} />`}
  `;
}
