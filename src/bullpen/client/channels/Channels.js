import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { addressOf } from '../core/addresses.js';
import { html } from '../core/html.js';
import { isDirect } from '../core/kinds.js';
import { plural, t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';
import { channels, session } from '../core/store/store.js';
import { ConfirmButton } from '../ui/ConfirmButton.js';
import { Dialog } from '../ui/Dialog.js';
import { openDialog } from '../ui/dialog-state.js';
import { Field } from '../ui/Field.js';
import { Icon } from '../ui/Icon.js';
import { ChannelPreview } from './ChannelPreview.js';
import { useMembership } from './use-membership.js';

/** @import { Channel } from '../core/types.js' */

/** All channels that one may read, to look around in, join and leave. */
export function Channels() {
  const typed = useSignal('');
  const words = typed.value.trim().toLowerCase();
  const all = Object.values(channels.value ?? {}).filter((one) => !isDirect(one));
  const shown = all.filter(({ name, topic }) => `${name} ${topic}`.toLowerCase().includes(words));
  return html`
    <${Dialog} name="channels" title=${t('Channels')}>
      <div class="dialog__body">
        <${Field} label=${t('Find a channel')} name="find-channel" value=${typed.value} type="search" autofocus
          onInput=${(/** @type {string} */ value) => {
            typed.value = value;
          }} />
        ${
          shown.length > 0
            ? html`<ul class="rows" aria-label=${t('Channels')}>${shown.map((channel) => html`<${ChannelRow} key=${channel.id} channel=${channel} />`)}</ul>`
            : html`<p class="quiet" role="status">${t('No channels match.')}</p>`
        }
      </div>
      <div class="dialog__foot">
        <button class="button button--small" type="button" onClick=${() => openDialog('new-channel')}><${Icon} name="plus" size=${16} /> ${t('New channel')}</button>
      </div>
    <//>
  `;
}

/** @param {{ channel: Channel }} props */
function ChannelRow({ channel }) {
  const membership = useMembership(channel);
  const { kind, name, topic, memberIds } = channel;
  const joined = memberIds.includes(session.value?.userId ?? '');
  const count = plural(memberIds.length, '{count} member', '{count} members');
  const canPreview = kind === 'public' && !joined;
  const open = useSignal(false);
  const previewId = useId();
  const row = useRef(/** @type {HTMLElement | null} */ (null));
  const joining = useRef(false);
  useEffect(() => {
    // The button that had the focus is gone.
    if (joined && joining.current) row.current?.querySelector('button')?.focus();
    joining.current = false;
  }, [joined]);
  const about = [joined && t('Joined'), count, topic].filter(Boolean).join(' · ');
  return html`
    <li class="rows__row" ref=${row}>
      <span class="switcher__symbol"><${Icon} name=${kind === 'private' ? 'lock' : 'hash'} size=${18} /></span>
      <span class="rows__text">
        <a class="rows__name" href=${addressOf(channel)} dir="auto">${name}</a>
        <span class="rows__detail" dir="auto">${about}</span>
        ${membership.problem && html`<span class="field__error" role="alert">${sentenceOf(membership.problem.failure)}</span>`}
      </span>
      ${
        canPreview &&
        html`<button class="button button--small button--quiet" type="button" aria-expanded=${open.value} aria-controls=${previewId} onClick=${() => {
          open.value = !open.value;
        }}>
          ${open.value ? t('Hide') : t('Preview')}<span class="visually-hidden"> ${name}</span>
        </button>`
      }
      ${
        kind === 'public' &&
        (joined
          ? html`<${ConfirmButton} icon="log-out" label=${t('Leave')} name=${name} question=${t('Leave?')} yes=${t('Leave')} busy=${membership.busy} act=${membership.leave} />`
          : html`<button class="button button--small" type="button" disabled=${membership.busy} onClick=${() => {
              joining.current = true;
              membership.join();
            }}>
              ${t('Join')}<span class="visually-hidden"> ${name}</span>
            </button>`)
      }
      ${canPreview && open.value && html`<${ChannelPreview} channel=${channel} id=${previewId} />`}
    </li>
  `;
}
