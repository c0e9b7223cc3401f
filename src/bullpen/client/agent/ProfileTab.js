import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { dispatch, session, userOf } from '../core/store/store.js';
import { momentLabel } from '../core/time-format.js';
import { Avatar } from '../ui/Avatar.js';
import { fieldsAfterSave } from '../ui/after-save.js';
import { Field, NumberField, SaveBar, submitOnCtrlEnter } from '../ui/Field.js';
import { useDraft } from '../ui/form-drafts.js';
import { PictureField } from '../ui/PictureField.js';
import { pathOfPicture, pictureOf } from '../ui/picture-paths.js';
import { ask } from '../ui/prompts.js';
import { useSave } from '../ui/use-save.js';
import { ModelFallbackNote } from './ModelFallbackNote.js';
import { ModelField } from './making/ModelField.js';
import { changeAgent } from './requests.js';

/** @import { Agent, AgentChange, User } from '../core/types.js' */

/** @typedef {Pick<Agent, 'displayName' | 'title' | 'avatarColor' | 'systemPrompt' | 'modelId' | 'isActive'>} Texts */
/** @typedef {Partial<Texts & { maxTurns: string, maxBudgetUsd: string }>} Draft  only what differs from what is saved */

/** @param {{ agent: Agent, changed: (change: (agent: Agent) => Agent) => void }} props */
export function ProfileTab({ agent, changed }) {
  const [draft = {}, setDraft] = useDraft(/** @type {string} */ (`profile:${agent.id}`));
  const edited = /** @type {Draft} */ (draft);
  const saving = useSave();
  const saved = useSignal(false);
  const dirty = Object.keys(edited).length > 0;
  const fields = saving.problem?.fields ?? {};

  /** @param {keyof Draft} name @param {string | boolean} value */
  function set(name, value) {
    saved.value = false;
    const { [name]: _before, ...others } = edited;
    const next = String(agent[name]) === String(value) ? others : { ...others, [name]: value };
    setDraft(Object.keys(next).length > 0 ? next : undefined);
  }
  /** @param {keyof Draft} name */
  const text = (name) => ({
    name,
    value: String(edited[name] ?? agent[name]),
    error: fields[name],
    onInput: (/** @type {string} */ value) => set(name, value),
  });

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    if (edited.isActive === false && agent.id === session.peek()?.userId && !(await ask(endOfActing(agent))))
      return;
    const { maxTurns, maxBudgetUsd, ...texts } = edited;
    /** @type {Partial<AgentChange>} */
    const change = { ...texts };
    if (maxTurns !== undefined) change.maxTurns = Number(maxTurns);
    if (maxBudgetUsd !== undefined) change.maxBudgetUsd = Number(maxBudgetUsd);
    const answer = await saving.save(() => changeAgent(agent.id, change));
    if (!answer) return;
    changed(() => answer);
    const { displayName, title, avatarColor } = answer;
    dispatch({ type: 'user', user: { ...userOf(agent.id), displayName, title, avatarColor } });
    setDraft(fieldsAfterSave(edited));
    saved.value = true;
  }

  /** @param {User} user */
  function pictureChanged(user) {
    dispatch({ type: 'user', user });
    changed(({ picture: _before, ...others }) => ({ ...others, ...pictureOf(user) }));
  }

  function discard() {
    saving.forget();
    setDraft(undefined);
  }

  const face = { ...userOf(agent.id), ...agent, ...edited };
  const active = edited.isActive ?? agent.isActive;
  return html`
    <form class="form" onSubmit=${submit} onKeyDown=${submitOnCtrlEnter} aria-label=${t('Profile')} novalidate>
      <section class="form__section" aria-labelledby="profile-who">
        <h2 class="form__title" id="profile-who">${t('Identity')}</h2>
        <${PictureField} face=${html`<${Avatar} user=${face} size=${64} />`} path=${pathOfPicture(agent.id)} what=${t('the picture of {name}', { name: agent.displayName })} has=${agent.picture !== undefined} changed=${pictureChanged} />
        <div class="form__row">
          <${Field} label=${t('Name')} ...${text('displayName')} maxlength=${80} required />
          <${Field} label=${t('Title')} ...${text('title')} maxlength=${80} required />
          <${Field} label=${t('Color')} type="color" ...${text('avatarColor')} />
        </div>
      </section>
      <section class="form__section" aria-labelledby="profile-prompt">
        <h2 class="form__title" id="profile-prompt">${t('Instructions')}</h2>
        <${Field} label=${t('System prompt')} tag="textarea" ...${text('systemPrompt')} limit=${100_000}
          hint=${t('Sent to the model at the start of every step.')} required />
      </section>
      <section class="form__section" aria-labelledby="profile-limits">
        <h2 class="form__title" id="profile-limits">${t('Model and limits')}</h2>
        <div class="form__row">
          <${ModelField} ...${text('modelId')} />
          <${NumberField} label=${t('Max turns per run')} ...${text('maxTurns')} min="1" max="1000" step="1" />
          <${NumberField} label=${t('Max cost per run')} ...${text('maxBudgetUsd')} min="0" max="1000000" step="0.01" unit="$" />
        </div>
        ${!fields.modelId && html`<${ModelFallbackNote} modelId=${String(edited.modelId ?? agent.modelId)} />`}
      </section>
      <section class="form__section" aria-labelledby="profile-active">
        <h2 class="form__title" id="profile-active">${t('Status')}</h2>
        <label class="switch">
          <input
            type="checkbox"
            role="switch"
            checked=${active}
            onChange=${(/** @type {globalThis.Event} */ event) => set('isActive', /** @type {HTMLInputElement} */ (event.target).checked)}
          />
          <span class="switch__text">
            <span class="switch__label">${t('Active')}</span>
            <span class="field__hint">${t("Inactive agents don't read or reply. Their messages and memory are kept.")}</span>
          </span>
        </label>
      </section>
      <dl class="facts">
        <div><dt>${t('ID')}</dt><dd><code>${agent.id}</code></dd></div>
        <div><dt>${t('Created')}</dt><dd>${momentLabel(new Date(agent.createdAt), new Date())}</dd></div>
        <div><dt>${t('Last updated')}</dt><dd>${momentLabel(new Date(agent.updatedAt), new Date())}</dd></div>
      </dl>
      <${SaveBar} dirty=${dirty} saved=${saved.value} saving=${saving} discard=${discard} />
    </form>
  `;
}

/** @param {Agent} agent the member whom the reader views as */
function endOfActing({ displayName }) {
  return {
    title: t('Deactivate {name}?', { name: displayName }),
    text: t(
      "You're viewing as {name}. An inactive member can't write or change anything, so you'll have to switch to another member.",
      { name: displayName },
    ),
    action: t('Deactivate'),
  };
}
