import { getPeople } from '../../administration/requests.js';
import { channelIdFor } from '../../channels/channel-ids.js';
import { refreshChannels } from '../../channels/requests.js';
import { addressOf, addressOfAgent } from '../../core/addresses.js';
import { html } from '../../core/html.js';
import { isDirect } from '../../core/kinds.js';
import { t } from '../../core/language.js';
import { compareNames } from '../../core/name-order.js';
import { sentenceOf } from '../../core/refusals.js';
import { go } from '../../core/router.js';
import { channels } from '../../core/store/store.js';
import { Avatar } from '../../ui/Avatar.js';
import { settle } from '../../ui/after-save.js';
import { Dialog } from '../../ui/Dialog.js';
import { closeDialog } from '../../ui/dialog-state.js';
import { Field, submitOnCtrlEnter } from '../../ui/Field.js';
import { useDraftedSignal } from '../../ui/form-drafts.js';
import { useLoaded } from '../../ui/use-loaded.js';
import { useSave } from '../../ui/use-save.js';
import { ModelFallbackNote } from '../ModelFallbackNote.js';
import { ModelField } from './ModelField.js';
import { Preview } from './Preview.js';
import { createAgent } from './requests.js';
import { templates } from './templates.js';

const blank = {
  template: 'scratch',
  displayName: '',
  id: '',
  title: '',
  avatarColor: '#4a90d9',
  systemPrompt: '',
  modelId: '',
  dailyUsd: '',
  managerId: '',
  channelIds: /** @type {string[] | null} */ (null),
};

/** Makes an agent, which answers in its first channel as soon as somebody writes there. */
export function NewAgent() {
  const form = useDraftedSignal('new-agent', blank);
  const people = useLoaded('people', getPeople);
  const saving = useSave();
  const { fields = {}, failure } = saving.problem ?? {};
  const offered = Object.values(channels.value ?? {})
    .filter((one) => !isDirect(one) && !one.isArchived)
    .toSorted((a, b) => compareNames(a.name, b.name));
  const chosen = form.value.channelIds ?? [];
  const id = form.value.id || channelIdFor(form.value.displayName || 'agent');
  const managers = (people.data ?? [])
    .filter(({ isActive, role }) => isActive && role !== 'guest')
    .toSorted((a, b) => compareNames(a.displayName, b.displayName));
  const modelId = form.value.modelId || defaultModel;
  const face = { id, displayName: form.value.displayName || '?', avatarColor: form.value.avatarColor };
  const named = Object.keys(fields).length > 0;

  /** @param {Partial<typeof blank>} change */
  function set(change) {
    form.value = { ...form.value, ...change };
  }

  /** @param {keyof typeof blank} name */
  const text = (name) => ({
    name: `agent-${name}`,
    value: String(form.value[name] ?? ''),
    error: fields[name],
    onInput: (/** @type {string} */ value) => set({ [name]: value }),
  });

  /** What somebody has typed stays. @param {string} chosenId */
  function choose(chosenId) {
    const before = templates.find((each) => each.id === form.value.template);
    const next = templates.find((each) => each.id === chosenId);
    if (!next) return;
    const isOwn = (/** @type {string} */ value, /** @type {string | undefined} */ given) =>
      value !== '' && value !== given;
    set({
      template: next.id,
      title: isOwn(form.value.title, before?.title) ? form.value.title : next.title,
      systemPrompt: isOwn(form.value.systemPrompt, before?.prompt) ? form.value.systemPrompt : next.prompt,
      avatarColor: isOwn(form.value.avatarColor, before?.color) ? form.value.avatarColor : next.color,
    });
  }

  const given = () => ({
    id,
    displayName: form.value.displayName.trim(),
    title: form.value.title.trim() || t('Agent'),
    avatarColor: form.value.avatarColor,
    systemPrompt: form.value.systemPrompt,
    modelId,
    channelIds: chosen,
    managerId: form.value.managerId || null,
    dailyUsd: form.value.dailyUsd.trim() === '' ? null : Number(form.value.dailyUsd),
  });

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    const sent = form.value;
    const made = await saving.save(async () => {
      const agent = await createAgent(given());
      await refreshChannels();
      return agent;
    });
    if (!made) return;
    const first = chosen[0] === undefined ? undefined : channels.peek()?.[chosen[0]];
    settle(form, sent, blank);
    go(first ? addressOf(first) : addressOfAgent(made.id));
  }

  function cancel() {
    form.value = blank;
    closeDialog();
  }

  return html`
    <${Dialog} name="new-agent" title=${t('New agent')}>
      <form class="dialog__form" onSubmit=${submit} onKeyDown=${submitOnCtrlEnter} aria-label=${t('New agent')} novalidate>
        <div class="dialog__body">
          <${Field} label=${t('Begin with')} name="agent-template" tag="select" value=${form.value.template} onInput=${choose}>
            ${templates.map((each) => html`<option key=${each.id} value=${each.id}>${each.name}</option>`)}
          <//>
          <div class="new-agent__who">
            <${Avatar} user=${face} size=${36} />
            <${Field} label=${t('Name')} ...${text('displayName')} error=${nameError()} maxlength=${80} required autofocus />
            <${Field} label=${t('Title')} ...${text('title')} maxlength=${80} />
            <${Field} label=${t('Color')} type="color" ...${text('avatarColor')} />
          </div>
          <${Field} label=${t('ID')} ...${text('id')} value=${id} spellcheck=${false} autocapitalize="off" hint=${t('For mentions and links. It can’t be changed later.')} />
          <${Field} label=${t('Instructions')} tag="textarea" rows="7" ...${text('systemPrompt')} limit=${100_000} required
            hint=${t('Who it is and what it does. Sent to the model at the start of every step.')} />
          <${ModelField} ...${text('modelId')} value=${modelId} />
          ${!fields.modelId && html`<${ModelFallbackNote} modelId=${modelId} />`}
          <fieldset class="choices new-agent__channels">
            <legend class="field__label">${t('Channels')}</legend>
            ${offered.map(
              (channel) => html`
                <label key=${channel.id} class="choice">
                  <input type="checkbox" checked=${chosen.includes(channel.id)} onChange=${(
                    /** @type {globalThis.Event} */ event,
                  ) => {
                    const others = chosen.filter((each) => each !== channel.id);
                    set({
                      channelIds: /** @type {HTMLInputElement} */ (event.target).checked
                        ? [...others, channel.id]
                        : others,
                    });
                  }} />
                  <span dir="auto">#${channel.name}</span>
                </label>
              `,
            )}
          </fieldset>
          <div class="new-agent__limits">
            <${Field} label=${t('Daily budget ($)')} type="number" inputmode="decimal" min="0" step="0.01" ...${text('dailyUsd')} placeholder=${t('No limit')} />
            <${Field} label=${t('Manager')} tag="select" ...${text('managerId')}>
              <option value="">${t('Nobody')}</option>
              ${managers.map((each) => html`<option key=${each.id} value=${each.id}>${each.displayName}</option>`)}
            <//>
          </div>
          <${Preview} given=${given} ready=${form.value.systemPrompt.trim() !== ''} />
          ${failure && !nameError() && html`<p class="alert" role="alert">${named ? t('Fix the marked fields.') : sentenceOf(failure)}</p>`}
        </div>
        <div class="dialog__foot">
          <button class="button button--small" type="button" onClick=${cancel}>${t('Cancel')}</button>
          <button class="button button--main" type="submit" disabled=${saving.busy || form.value.displayName.trim() === '' || form.value.systemPrompt.trim() === ''}>${saving.busy ? t('Creating…') : t('Create agent')}</button>
        </div>
      </form>
    <//>
  `;

  function nameError() {
    if (fields.displayName) return fields.displayName;
    const taken = failure?.code === 'name_taken' || failure?.code === 'id_taken';
    return taken ? sentenceOf(failure) : undefined;
  }
}

// Until it is chosen; the server names what answers for it.
const defaultModel = 'claude-sonnet-4-5-20250929';
