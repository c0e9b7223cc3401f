import { useSignal } from '@preact/signals';
import { useMayAdminister } from '../account/use-may-administer.js';
import { addressOfHistory } from '../core/addresses.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';
import { go, route } from '../core/router.js';
import { channels, session } from '../core/store/store.js';
import { PauseChannel } from '../pauses/PauseChannel.js';
import { ConfirmButton } from '../ui/ConfirmButton.js';
import { Dialog } from '../ui/Dialog.js';
import { closeDialog } from '../ui/dialog-state.js';
import { Field, submitOnCtrlEnter } from '../ui/Field.js';
import { discardTyped, useDraftedSignal } from '../ui/form-drafts.js';
import { useSave } from '../ui/use-save.js';
import { archiveChannel } from './archiving.js';
import { ChannelMembers } from './ChannelMembers.js';
import { ChannelNotifications } from './ChannelNotifications.js';
import { ChannelPreferences } from './ChannelPreferences.js';
import { changeChannel, refreshChannels } from './requests.js';
import { useMembership } from './use-membership.js';

/** @import { Channel } from '../core/types.js' */

/** What a channel is called, is about, and who is in it. @param {{ about: string }} props the channel's id */
export function AboutChannel({ about: channelId }) {
  const channel = channels.value?.[channelId];
  if (!channel) return html`<${Gone} />`;
  const joined = channel.memberIds.includes(session.value?.userId ?? '');
  return html`
    <${Dialog} name="channel" title=${`#${channel.name}`}>
      <div class="dialog__body">
        ${joined ? html`<${Texts} key=${channelId} channel=${channel} />` : html`<${Outside} channel=${channel} />`}
        <div class="about__part about__preferences"><${ChannelPreferences} channel=${channel} inDialog=${true} /></div>
        <${ChannelNotifications} channel=${channel} />
        <p class="about__part"><a class="button button--small" href=${addressOfHistory({ channel: channel.id })} onClick=${closeDialog}>${t('Open in the time machine')}</a></p>
        <${PauseChannel} channel=${channel} />
        <${ChannelMembers} channel=${channel} joined=${joined} />
        ${joined && html`<${Endings} channel=${channel} />`}
      </div>
    <//>
  `;
}

function Gone() {
  return html`
    <${Dialog} name="channel" title=${t('Channel not found')}>
      <div class="dialog__body"><p>${t('This channel was deleted, or you no longer have access.')}</p></div>
    <//>
  `;
}

/** @param {{ channel: Channel }} props */
function Outside({ channel }) {
  const membership = useMembership(channel);
  return html`
    <section class="about__part">
      ${channel.topic && html`<p dir="auto">${channel.topic}</p>`}
      <p class="quiet">${t('You’re previewing this channel. Join it to post or change it.')}</p>
      ${membership.problem && html`<p class="alert" role="alert">${sentenceOf(membership.problem.failure)}</p>`}
      <button class="button about__join" type="button" disabled=${membership.busy} onClick=${membership.join}>${t('Join #{channel}', { channel: channel.name })}</button>
    </section>
  `;
}

/** @param {{ channel: Channel }} props */
function Texts({ channel }) {
  const name = useDraftedSignal(`channel-name:${channel.id}`, channel.name);
  const topic = useDraftedSignal(`channel-topic:${channel.id}`, channel.topic);
  const saved = useSignal(false);
  const saving = useSave();
  const fields = saving.problem?.fields ?? {};
  const dirty = name.value !== channel.name || topic.value !== channel.topic;

  /** @param {import('@preact/signals').Signal<string>} text */
  const editing = (text) => (/** @type {string} */ value) => {
    saved.value = false;
    text.value = value;
  };

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    const change = {
      ...(name.value === channel.name ? {} : { name: name.value }),
      ...(topic.value === channel.topic ? {} : { topic: topic.value }),
    };
    const answer = await saving.save(async () => {
      const changed = await changeChannel(channel.id, change);
      await refreshChannels();
      return changed;
    });
    saved.value = answer !== undefined;
  }

  return html`
    <form class="about__part" onSubmit=${submit} onKeyDown=${submitOnCtrlEnter} aria-label=${t('Name and topic')} novalidate>
      <${Field} label=${t('Name')} name="channel-name" value=${name.value} error=${fields.name && name.value.trim() === '' ? t('Enter a name.') : fields.name} maxlength=${80} required onInput=${editing(name)} />
      <${Field} label=${t('Topic')} name="channel-topic" value=${topic.value} error=${fields.topic} limit=${250} onInput=${editing(topic)} />
      <div class="form__buttons">
        <span class="quiet about__said" role="status">${saved.value && !dirty ? t('Saved') : ''}</span>
        ${saving.problem && Object.keys(fields).length === 0 && html`<span class="field__error" role="alert">${sentenceOf(saving.problem.failure)}</span>`}
        ${
          dirty &&
          html`<button class="button button--small" type="button" disabled=${saving.busy} onClick=${() => {
            discardTyped(name, channel.name);
            discardTyped(topic, channel.topic);
          }}>${t('Discard changes')}</button>`
        }
        <button class="button button--main" type="submit" disabled=${!dirty || saving.busy}>${saving.busy ? t('Saving…') : t('Save')}</button>
      </div>
    </form>
  `;
}

/** @param {{ channel: Channel }} props */
function Endings({ channel }) {
  const membership = useMembership(channel);
  const archiving = useSave();
  const mayArchive = useMayAdminister();
  const problem = membership.problem ?? archiving.problem;

  async function leave() {
    await membership.leave();
    if (membership.latest()) return;
    closeDialog();
    leaveUnreadable();
  }

  async function archive() {
    const archived = await archiving.save(async () => {
      await archiveChannel(channel);
      return true;
    });
    if (!archived) return;
    closeDialog();
    leaveUnreadable();
  }

  /** The user who has just archived or deleted it need not see that it is gone. */
  function leaveUnreadable() {
    const here = route.peek();
    if (here.view === 'channel' && here.channelId === channel.id && !channels.peek()?.[channel.id]) go('/');
  }

  const lastOne = channel.kind === 'private' ? ` ${t('You’ll need an invitation to rejoin.')}` : '';
  return html`
    <section class="about__part about__endings" aria-label=${t('Leave or archive')}>
      ${problem && html`<p class="alert" role="alert">${sentenceOf(problem.failure)}</p>`}
      <${ConfirmButton} icon="log-out" label=${t('Leave')} name=${`#${channel.name}`} question=${t('Leave #{channel}?', { channel: channel.name }) + lastOne} yes=${t('Leave')} busy=${membership.busy} act=${leave} />
      ${
        mayArchive &&
        html`<${ConfirmButton} icon="archive" label=${t('Archive', {}, 'verb')} name=${`#${channel.name}`} question=${t('Archive #{channel}? Nobody can write in it until it is restored.', { channel: channel.name })} yes=${t('Archive', {}, 'verb')} busy=${archiving.busy} act=${archive} />`
      }
    </section>
  `;
}
