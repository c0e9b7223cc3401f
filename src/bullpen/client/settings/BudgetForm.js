import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';
import { channels, members, titleOf } from '../core/store/store.js';
import { draftAfterSave } from '../ui/after-save.js';
import { Field } from '../ui/Field.js';
import { useDraft } from '../ui/form-drafts.js';
import { useSave } from '../ui/use-save.js';
import { setBudget } from './requests.js';

/** @import { Budget } from '../core/types.js' */

/** @typedef {{ of: string, amount: string }} Draft  of whom, as `keyOf` says it */

const workspace = 'workspace';

/** @param {{ agentId: string | null, channelId: string | null }} budget */
export function keyOf({ agentId, channelId }) {
  if (agentId !== null) return `agent:${agentId}`;
  return channelId === null ? workspace : `channel:${channelId}`;
}

/** @param {{ budgets: Budget[], changed: (all: Budget[]) => void }} props */
export function BudgetForm({ budgets, changed }) {
  const [kept, setDraft] = useDraft(/** @type {string} */ ('budget'));
  const draft = /** @type {Draft} */ (kept ?? { of: workspace, amount: amountOf(workspace) });
  const saving = useSave();
  const fields = saving.problem?.fields ?? {};
  const known = budgets.find((budget) => keyOf(budget) === draft.of);
  const amount = Number(draft.amount);
  const valid = draft.amount.trim() !== '' && amount >= 0;

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    if (!valid) return;
    const [kind, id = ''] = split(draft.of);
    const answer = await saving.save(() =>
      setBudget({
        agentId: kind === 'agent' ? id : null,
        channelId: kind === 'channel' ? id : null,
        dailyUsd: amount,
      }),
    );
    if (!answer) return;
    setDraft(draftAfterSave(kept));
    changed(answer);
  }

  /** @param {string} of what there is already is what one begins with */
  function choose(of) {
    setDraft({ of, amount: amountOf(of) || draft.amount });
  }

  /** @param {string} of */
  function amountOf(of) {
    const existing = budgets.find((budget) => keyOf(budget) === of);
    return existing ? String(existing.dailyUsd) : '';
  }

  return html`
    <form class="budgets__form" onSubmit=${submit} aria-label=${t('Set a budget')} novalidate>
      <div class="field">
        <label class="field__label" for="field-budget-of">${t('Budget for')}</label>
        <select class="input" id="field-budget-of" value=${draft.of}
          onChange=${(/** @type {globalThis.Event} */ event) => choose(/** @type {HTMLSelectElement} */ (event.target).value)}>
          <option value=${workspace}>${t('The workspace')}</option>
          <optgroup label=${t('Agents')}>
            ${members.value.filter(({ kind }) => kind === 'agent').map((user) => html`<option key=${user.id} value=${`agent:${user.id}`}>${user.displayName}</option>`)}
          </optgroup>
          <optgroup label=${t('Channels')}>
            ${Object.values(channels.value ?? {}).map((channel) => html`<option key=${channel.id} value=${`channel:${channel.id}`}>${titleOf(channel)}</option>`)}
          </optgroup>
        </select>
      </div>
      <${Field} label=${t('Daily limit ($)')} name="budget-amount" type="number" inputmode="decimal" min="0" max="1000000" step="0.01"
        value=${draft.amount} error=${fields.dailyUsd}
        onInput=${(/** @type {string} */ value) => setDraft({ ...draft, amount: value })} />
      <button class="button button--main budgets__set" type="submit" disabled=${saving.busy || !valid}>${known ? t('Change budget') : t('Set budget')}</button>
      ${saving.problem && Object.keys(fields).length === 0 && html`<p class="alert budgets__problem" role="alert">${t("Couldn't set the budget. {reason}", { reason: sentenceOf(saving.problem.failure) })}</p>`}
    </form>
  `;
}

/** @param {string} key an id may have a colon too */
function split(key) {
  const at = key.indexOf(':');
  return at < 0 ? [key] : [key.slice(0, at), key.slice(at + 1)];
}
