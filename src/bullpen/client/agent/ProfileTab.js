import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { dispatch, session, userOf } from '../core/store/store.js';
import { momentLabel } from '../core/time-format.js';
import { Avatar } from '../ui/Avatar.js';
import { Field, NumberField, SaveBar, submitOnCtrlEnter } from '../ui/Field.js';
import { useDraft } from '../ui/form-drafts.js';
import { ask } from '../ui/prompts.js';
import { useSave } from '../ui/use-save.js';
import { ModelFallbackNote } from './ModelFallbackNote.js';
import { changeAgent } from './requests.js';

/** @import { Agent, AgentChange } from '../core/types.js' */

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
    setDraft(undefined);
    saved.value = true;
  }

  function discard() {
    saving.forget();
    setDraft(undefined);
  }

  const face = { ...userOf(agent.id), ...agent, ...edited };
  const active = edited.isActive ?? agent.isActive;
  return html`
    <form class="form" onSubmit=${submit} onKeyDown=${submitOnCtrlEnter} aria-label="Profile" novalidate>
      <section class="form__section" aria-labelledby="profile-who">
        <h2 class="form__title" id="profile-who">Who it is</h2>
        <div class="profile__who">
          <${Avatar} user=${face} size=${64} />
          <div class="form__row">
            <${Field} label="Name" ...${text('displayName')} maxlength=${80} required />
            <${Field} label="Title" ...${text('title')} maxlength=${80} required />
            <${Field} label="Colour" type="color" ...${text('avatarColor')} />
          </div>
        </div>
      </section>
      <section class="form__section" aria-labelledby="profile-prompt">
        <h2 class="form__title" id="profile-prompt">What it is told</h2>
        <${Field} label="System prompt" tag="textarea" ...${text('systemPrompt')} limit=${100_000}
          hint="The first thing the model reads at every step." required />
      </section>
      <section class="form__section" aria-labelledby="profile-limits">
        <h2 class="form__title" id="profile-limits">Model and limits</h2>
        <div class="form__row">
          <${Field} label="Model" ...${text('modelId')} spellcheck=${false} required />
          <${NumberField} label="Turns" ...${text('maxTurns')} min="1" max="1000" step="1" hint="At most, in one run" />
          <${NumberField} label="Budget" ...${text('maxBudgetUsd')} min="0" max="1000000" step="0.01" unit="$" hint="At most, in one run" />
        </div>
        ${!fields.modelId && html`<${ModelFallbackNote} modelId=${String(edited.modelId ?? agent.modelId)} />`}
      </section>
      <section class="form__section" aria-labelledby="profile-active">
        <h2 class="form__title" id="profile-active">Part of the workspace</h2>
        <label class="switch">
          <input
            type="checkbox"
            role="switch"
            checked=${active}
            onChange=${(/** @type {globalThis.Event} */ event) => set('isActive', /** @type {HTMLInputElement} */ (event.target).checked)}
          />
          <span class="switch__text">
            <span class="switch__label">Active</span>
            <span class="field__hint">An inactive agent takes no part. What it wrote and knows stays.</span>
          </span>
        </label>
      </section>
      <dl class="facts">
        <div><dt>Id</dt><dd><code>${agent.id}</code></dd></div>
        <div><dt>Added</dt><dd>${momentLabel(new Date(agent.createdAt), new Date())}</dd></div>
        <div><dt>Changed</dt><dd>${momentLabel(new Date(agent.updatedAt), new Date())}</dd></div>
      </dl>
      <${SaveBar} dirty=${dirty} saved=${saved.value} saving=${saving} discard=${discard} />
    </form>
  `;
}

/** @param {Agent} agent whom one acts as oneself */
function endOfActing({ displayName }) {
  return {
    title: `Deactivate ${displayName}, who you act as?`,
    text: `As ${displayName} you can then write and change nothing, until you act as another member.`,
    action: 'Deactivate',
  };
}
