import { addressOf } from '../core/addresses.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';
import { go } from '../core/router.js';
import { session } from '../core/store/store.js';
import { settle } from '../ui/after-save.js';
import { Dialog } from '../ui/Dialog.js';
import { closeDialog, openDialog } from '../ui/dialog-state.js';
import { Field, submitOnCtrlEnter } from '../ui/Field.js';
import { useDraftedSignal } from '../ui/form-drafts.js';
import { Icon } from '../ui/Icon.js';
import { useSave } from '../ui/use-save.js';
import { Chosen } from './Chosen.js';
import { channelIdFor } from './channel-ids.js';
import { PeoplePicker } from './PeoplePicker.js';
import { createChannel, refreshChannels } from './requests.js';

const kinds = /** @type {const} */ ([
  { kind: 'public', icon: 'hash', name: t('Public'), detail: t('Anyone can read and join') },
  { kind: 'private', icon: 'lock', name: t('Private'), detail: t('Only members can see it') },
]);

export function NewChannel() {
  const name = useDraftedSignal('new-channel:name', '');
  const topic = useDraftedSignal('new-channel:topic', '');
  const kind = useDraftedSignal('new-channel:kind', /** @type {'public' | 'private'} */ ('public'));
  const memberIds = useDraftedSignal('new-channel:members', /** @type {string[]} */ ([]));
  const saving = useSave();
  const fields = saving.problem?.fields ?? {};
  const code = saving.problem?.failure.code;
  const taken = code === 'name_taken' || code === 'id_taken';
  const nameless = fields.name !== undefined && name.value.trim() === '';
  const nameError = nameless
    ? t('Enter a name.')
    : (fields.name ?? fields.id ?? (taken ? takenError(name.value) : undefined));
  const other =
    saving.problem && !nameError && !fields.topic ? sentenceOf(saving.problem.failure) : undefined;

  function clear() {
    name.value = '';
    topic.value = '';
    kind.value = 'public';
    memberIds.value = [];
  }

  function cancel() {
    clear();
    closeDialog();
  }

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    const sent = { name: name.value, topic: topic.value, kind: kind.value, memberIds: memberIds.value };
    const made = await saving.save(async () => {
      const channel = await createChannel({
        ...sent,
        id: channelIdFor(sent.name),
        name: sent.name.trim(),
        topic: sent.topic.trim(),
      });
      await refreshChannels();
      return channel;
    });
    if (!made) return;
    settle(name, sent.name, '');
    settle(topic, sent.topic, '');
    settle(kind, sent.kind, 'public');
    settle(memberIds, sent.memberIds, []);
    go(addressOf(made));
  }

  return html`
    <${Dialog} name="new-channel" title=${t('New channel')}>
      <form class="dialog__form" onSubmit=${submit} onKeyDown=${submitOnCtrlEnter} aria-label=${t('New channel')} novalidate>
        <div class="dialog__body">
          <${Field} label=${t('Name')} name="channel-name" value=${name.value} error=${nameError} maxlength=${80} required autofocus
            onInput=${(/** @type {string} */ value) => {
              name.value = value;
            }} />
          <${Field} label=${t('Topic')} name="channel-topic" value=${topic.value} error=${fields.topic} limit=${250}
            onInput=${(/** @type {string} */ value) => {
              topic.value = value;
            }} />
          <fieldset class="choices">
            <legend class="field__label">${t('Visibility')}</legend>
            ${kinds.map(
              (each) => html`
                <label key=${each.kind} class="choice">
                  <input type="radio" name="kind" value=${each.kind} checked=${kind.value === each.kind} onChange=${() => {
                    kind.value = each.kind;
                  }} />
                  <${Icon} name=${each.icon} size=${16} />
                  <span><span class="choice__name">${each.name}</span> <span class="field__hint">${each.detail}</span></span>
                </label>
              `,
            )}
          </fieldset>
          <${PeoplePicker} label=${t('Members')} name="channel-members" without=${[session.value?.userId ?? '', ...memberIds.value]}
            hint=${t('You’ll be added automatically.')} pick=${(/** @type {string} */ id) => {
              memberIds.value = [...memberIds.value, id];
            }} />
          ${memberIds.value.length > 0 && html`<${Chosen} ids=${memberIds} />`}
          ${other && html`<p class="alert" role="alert">${other}</p>`}
        </div>
        <div class="dialog__foot">
          <button class="button button--small dialog__first" type="button" onClick=${() => openDialog('channels')}>${t('Browse channels')}</button>
          <button class="button button--small" type="button" onClick=${cancel}>${t('Cancel')}</button>
          <button class="button button--main" type="submit" disabled=${saving.busy}>${saving.busy ? t('Creating…') : t('Create')}</button>
        </div>
      </form>
    <//>
  `;
}

/** @param {string} name */
function takenError(name) {
  return t('A channel named “{name}” or very similar already exists. Choose another name.', {
    name: name.trim(),
  });
}
