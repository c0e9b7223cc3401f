import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';
import { userOf } from '../core/store/store.js';
import { useSave } from '../ui/use-save.js';
import { setReplyPolicy } from './requests.js';

/** @import { Channel, Policy, ReplyPolicy } from '../core/types.js' */
/** @import { Loaded } from '../ui/use-loaded.js' */

/** @type {{ policy: Policy['policy'], words: string, ofChannel: string }[]} */
export const policies = [
  { policy: 'all', words: t('Replies to everything'), ofChannel: t('All agents') },
  { policy: 'best_fit', words: t('Replies if it fits best'), ofChannel: t('The agent that fits best') },
  { policy: 'mentions', words: t('Replies when mentioned'), ofChannel: t('Only agents that are mentioned') },
  { policy: 'none', words: t('Never replies'), ofChannel: t('No agents') },
];

/** Which agents of a channel reply. @param {{ channel: Channel, joined: boolean, loaded: Loaded<ReplyPolicy> }} props */
export function ReplyPolicyForm({ channel, joined, loaded }) {
  const saving = useSave();
  const answering = loaded.data;
  if (!answering) return null;
  const agents = channel.memberIds.map(userOf).filter((user) => user.kind === 'agent');
  if (agents.length === 0) return null;

  /** @param {Partial<Pick<ReplyPolicy, 'policy' | 'hostId'>>} change */
  async function save(change) {
    const saved = await saving.save(() => setReplyPolicy(channel.id, change));
    if (saved) loaded.set(() => saved);
    else loaded.reload();
  }

  return html`
    <section class="about__part" aria-labelledby="about-replies">
      <h3 class="form__title" id="about-replies">${t('Replies')}</h3>
      ${saving.problem && html`<p class="alert" role="alert">${sentenceOf(saving.problem.failure)}</p>`}
      <div class="about__replies">
        <div class="field">
          <label class="field__label" for="reply-policy">${t('Who replies to a message')}</label>
          <select class="input" id="reply-policy" value=${answering.policy} disabled=${!joined || saving.busy}
            onChange=${(/** @type {globalThis.Event} */ event) =>
              save({
                policy: /** @type {Policy['policy']} */ (
                  /** @type {HTMLSelectElement} */ (event.target).value
                ),
              })}>
            ${policies.map((one) => html`<option key=${one.policy} value=${one.policy}>${one.ofChannel}</option>`)}
          </select>
          ${answering.policy === 'best_fit' && html`<p class="field__hint">${t('Others reply when they are mentioned.')}</p>`}
        </div>
        ${
          answering.policy === 'best_fit' &&
          html`<div class="field">
            <label class="field__label" for="reply-host">${t('Host')}</label>
            <select class="input" id="reply-host" value=${answering.hostId ?? ''} disabled=${!joined || saving.busy}
              onChange=${(/** @type {globalThis.Event} */ event) =>
                save({ hostId: /** @type {HTMLSelectElement} */ (event.target).value || null })}>
              <option value="">${channel.kind === 'group_dm' ? t('First agent in the conversation') : t('First agent in the channel')}</option>
              ${agents.map((user) => html`<option key=${user.id} value=${user.id}>${user.displayName}</option>`)}
            </select>
            <p class="field__hint">${t('Replies when no other agent fits.')}</p>
          </div>`
        }
      </div>
    </section>
  `;
}
