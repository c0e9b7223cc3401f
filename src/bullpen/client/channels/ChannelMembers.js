import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { plural, sentence, t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';
import { addressOfMember, session, userOf } from '../core/store/store.js';
import { AgentBadge } from '../ui/AgentBadge.js';
import { Avatar } from '../ui/Avatar.js';
import { ConfirmButton } from '../ui/ConfirmButton.js';
import { useLoaded } from '../ui/use-loaded.js';
import { useSave } from '../ui/use-save.js';
import { PeoplePicker } from './PeoplePicker.js';
import { policies, ReplyPolicyForm } from './ReplyPolicy.js';
import { getReplyPolicy, setPolicy } from './requests.js';
import { useMembership } from './use-membership.js';

/** @import { Channel, Policy } from '../core/types.js' */

/** @param {{ channel: Channel, joined: boolean }} props */
export function ChannelMembers({ channel, joined }) {
  const membership = useMembership(channel);
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const answering = useLoaded(`reply-policy:${channel.id}`, () => getReplyPolicy(channel.id));
  const saving = useSave();
  const removed = useSignal(/** @type {string | null} */ (null));
  const { memberIds } = channel;

  /** @param {string} agentId @param {globalThis.Event} event */
  async function answer(agentId, event) {
    const policy = /** @type {Policy['policy']} */ (/** @type {HTMLSelectElement} */ (event.target).value);
    // What is chosen for the whole channel follows the channel.
    const own = policy === answering.data?.policy ? null : policy;
    await saving.save(() => setPolicy(channel.id, agentId, own));
    answering.reload();
  }

  /** @param {string} userId */
  async function remove(userId) {
    await membership.remove(userId);
    // The row is gone, and with it what had the focus.
    if (membership.latest()) return;
    removed.value = userId;
    focusOnField();
  }

  function focusOnField() {
    list.current?.closest('section')?.querySelector('input')?.focus();
  }

  /** @param {string} userId */
  async function takeBack(userId) {
    await membership.add(userId);
    if (membership.latest()) return;
    removed.value = null;
    focusOnField();
  }

  // Somebody may have brought them back meanwhile.
  const gone = removed.value !== null && !memberIds.includes(removed.value) ? removed.value : null;

  const error = membership.problem ? sentenceOf(membership.problem.failure) : undefined;
  return html`
    <${ReplyPolicyForm} channel=${channel} joined=${joined} loaded=${answering} />
    <section class="about__part" aria-labelledby="about-members">
      <h3 class="form__title" id="about-members">${plural(memberIds.length, '{count} member', '{count} members')}</h3>
      ${joined && html`<${PeoplePicker} label=${t('Add people')} name="add-member" without=${memberIds} error=${error} pick=${membership.add} />`}
      <div role="status">
        ${
          gone !== null &&
          html`<p class="quiet">${sentence(t('{name} was removed. <button>Undo</button>'), { name: userOf(gone).displayName, button: (/** @type {string} */ words) => html`<button class="button button--small" type="button" disabled=${membership.busy} onClick=${() => takeBack(gone)}>${words}</button>` })}</p>`
        }
      </div>
      ${saving.problem && html`<p class="alert" role="alert">${sentenceOf(saving.problem.failure)}</p>`}
      <ul class="rows" aria-labelledby="about-members" ref=${list}>
        ${memberIds.map((id) => {
          const user = userOf(id);
          const policy =
            user.kind === 'agent' ? (answering.data?.policies[id] ?? answering.data?.policy) : undefined;
          return html`
            <li key=${id} class="rows__row">
              <${Avatar} user=${user} size=${36} presence />
              <span class="rows__text">
                <span class="rows__line"><a class="rows__name" href=${addressOfMember(id)} dir="auto">${user.displayName}</a><${AgentBadge} user=${user} /></span>
                <span class="rows__detail" dir="auto">${user.title}</span>
              </span>
              ${
                policy &&
                html`<select class="input rows__policy" aria-label=${t('What {name} answers here', { name: user.displayName })} value=${policy} disabled=${!joined}
                  onChange=${(/** @type {globalThis.Event} */ event) => answer(id, event)}>
                  ${policies.map((one) => html`<option key=${one.policy} value=${one.policy}>${one.words}</option>`)}
                </select>`
              }
              ${
                joined &&
                id !== session.value?.userId &&
                html`<${ConfirmButton} icon="user-minus" label=${t('Remove')} name=${user.displayName} iconOnly
                  question=${t('Remove from the channel?')} yes=${t('Remove')} busy=${membership.busy} act=${() => remove(id)} />`
              }
            </li>
          `;
        })}
      </ul>
    </section>
  `;
}
