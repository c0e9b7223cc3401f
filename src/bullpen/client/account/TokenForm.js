import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { settle } from '../ui/after-save.js';
import { Field } from '../ui/Field.js';
import { useDraftedSignal } from '../ui/form-drafts.js';
import { useSave } from '../ui/use-save.js';
import { entryProblems } from './entry-problems.js';
import { createToken } from './token-requests.js';

/** @import { CreatedToken, Scope } from '../core/types.js' */

/** @type {{ scope: Scope, name: string, detail: string, of: 'all' | 'people' | 'agents' }[]} */
const scopes = [
  { scope: 'read', name: t('Read'), detail: t('Messages, channels, members, search, events'), of: 'all' },
  { scope: 'write', name: t('Write'), detail: t('Post, react, join, change channels'), of: 'all' },
  { scope: 'admin', name: t('Administer'), detail: t('Agents, budgets, people, tokens'), of: 'people' },
  {
    scope: 'agent',
    name: t('Act as the agent'),
    detail: t('Take what it is asked, and answer'),
    of: 'agents',
  },
];

const day = 24 * 60 * 60 * 1000;
const lives = [
  { days: '7', name: '7 days' },
  { days: '30', name: '30 days' },
  { days: '90', name: '90 days' },
  { days: '365', name: t('One year') },
];

/** @param {{ agentId: string | null, mayAdminister: boolean, created: (token: CreatedToken) => void, cancel: () => void }} props */
export function TokenForm({ agentId, mayAdminister, created, cancel }) {
  const name = useDraftedSignal(`token-name:${agentId}`, '');
  const chosen = useSignal(/** @type {Scope[]} */ (agentId === null ? ['read'] : ['read', 'write', 'agent']));
  const life = useSignal('90');
  const checked = useSignal('');
  const saving = useSave();
  const { fields, general } = entryProblems(saving.problem);
  const offered = scopes.filter(
    ({ scope, of }) =>
      of === 'all' ||
      (of === 'agents' ? agentId !== null : agentId === null && (scope !== 'admin' || mayAdminister)),
  );

  /** @param {Scope} scope @param {boolean} on */
  function choose(scope, on) {
    chosen.value = offered
      .map((each) => each.scope)
      .filter((each) => (each === scope ? on : chosen.peek().includes(each)));
  }

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    checked.value = chosen.value.length === 0 ? t('Choose at least one.') : '';
    if (checked.value) return;
    const expiresAt =
      life.value === '' ? null : new Date(Date.now() + Number(life.value) * day).toISOString();
    const sent = name.value;
    const token = await saving.save(() =>
      createToken(agentId, { name: sent.trim(), scopes: chosen.value, expiresAt }),
    );
    if (!token) return;
    settle(name, sent, '');
    created(token);
  }

  return html`
    <form class="card token-form" aria-label=${t('New token')} novalidate onSubmit=${submit}>
      <div class="token-form__row">
        <${Field} label=${t('Name')} name="token-name" value=${name.value} error=${fields.name} hint=${t('The program that will use it')} maxlength=${80} required autofocus onInput=${(
          /** @type {string} */ value,
        ) => {
          name.value = value;
        }} />
        <${Field} label=${t('Expires after')} name="token-life" tag="select" value=${life.value} error=${fields.expiresAt} onInput=${(
          /** @type {string} */ value,
        ) => {
          life.value = value;
        }}>
          ${lives.map((each) => html`<option key=${each.days} value=${each.days}>${each.name}</option>`)}
          ${mayAdminister && html`<option value="">${t('Never')}</option>`}
        <//>
      </div>
      <fieldset class="choices" aria-describedby=${checked.value ? 'token-scopes-problem' : undefined}>
        <legend class="field__label">${t('Scopes')}</legend>
        ${offered.map(
          (each) => html`
            <label key=${each.scope} class="choice">
              <input type="checkbox" checked=${chosen.value.includes(each.scope)} onChange=${(/** @type {globalThis.Event} */ event) => choose(each.scope, /** @type {HTMLInputElement} */ (event.target).checked)} />
              <span><span class="choice__name">${each.name}</span> <span class="quiet">${each.detail}</span></span>
            </label>
          `,
        )}
        ${(checked.value || fields.scopes) && html`<span id="token-scopes-problem" class="field__error" role="alert">${checked.value || fields.scopes}</span>`}
      </fieldset>
      ${general && html`<p class="alert" role="alert">${general}</p>`}
      <div class="form__buttons account__buttons">
        <button class="button button--main" type="submit" disabled=${saving.busy || name.value.trim() === ''}>${saving.busy ? t('Creating…') : t('Create token')}</button>
        <button class="button button--small" type="button" onClick=${cancel}>${t('Cancel')}</button>
      </div>
    </form>
  `;
}
