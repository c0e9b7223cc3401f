import { addressOf, addressOfAgent } from '../core/addresses.js';
import { html } from '../core/html.js';
import { sentence, t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';
import { channels, titleOf, userOf } from '../core/store/store.js';
import { costLabel } from '../run/cost.js';
import { ConfirmButton } from '../ui/ConfirmButton.js';
import { Failed } from '../ui/Notice.js';
import { useLoaded } from '../ui/use-loaded.js';
import { useSave } from '../ui/use-save.js';
import { BudgetForm, keyOf } from './BudgetForm.js';
import { getBudgets, setBudget } from './requests.js';

/** @import { Budget } from '../core/types.js' */

/** What may be spent in a day, and what today has cost so far. */
export function Budgets() {
  const loaded = useLoaded('budgets', getBudgets);
  const budgets = loaded.data;

  /** @param {Budget[]} all */
  const changed = (all) => loaded.set(() => all);

  return html`
    <section class="providers" aria-labelledby="budgets">
      <h2 class="form__title" id="budgets">${t('Daily budgets')}</h2>
      <p class="page__intro">${t('When a budget is used up, runs stop until midnight UTC. Scripted replies and models without a known price are free.')}</p>
      ${loaded.failure && html`<${Failed} failure=${loaded.failure} retry=${loaded.reload} />`}
      ${
        budgets &&
        html`
          ${
            budgets.length > 0 &&
            html`<ul class="providers__list">${budgets.map((budget) => html`<${BudgetRow} key=${keyOf(budget)} budget=${budget} changed=${changed} />`)}</ul>`
          }
          <${BudgetForm} budgets=${budgets} changed=${changed} />
        `
      }
    </section>
  `;
}

/** @param {{ budget: Budget, changed: (all: Budget[]) => void }} props */
function BudgetRow({ budget, changed }) {
  const saving = useSave();
  const { agentId, channelId, dailyUsd, spentUsd, reservedUsd } = budget;
  const used = spentUsd + reservedUsd >= dailyUsd;

  async function remove() {
    const answer = await saving.save(() => setBudget({ agentId, channelId, dailyUsd: null }));
    if (answer) changed(answer);
  }

  return html`
    <li class="budgets__row">
      <span class="providers__name">${nameOf(budget)}</span>
      <span class="budgets__spent">
        <span>${sentence(t('{cost} of {limit} today'), { limit: costLabel(dailyUsd), cost: html`<strong>${costLabel(spentUsd)}</strong>` })}</span>
        ${reservedUsd > 0 && html`<span class="quiet">· ${t('up to {cost} pending', { cost: costLabel(reservedUsd) })}</span>`}
        ${used && html`<span class="field__error">${t('Used up')}</span>`}
        ${saving.problem && html`<span class="field__error" role="alert">${sentenceOf(saving.problem.failure)}</span>`}
      </span>
      <${ConfirmButton} icon="trash" label=${t('Remove')} name=${t('budget for {name}', { name: plainNameOf(budget) })}
        question=${t('Remove this limit?')} yes=${t('Remove')} act=${remove} busy=${saving.busy} />
    </li>
  `;
}

/** @param {Budget} budget */
function nameOf(budget) {
  const name = plainNameOf(budget);
  const channel = budget.channelId && channels.value?.[budget.channelId];
  if (budget.agentId) return html`<a class="plain-link" href=${addressOfAgent(budget.agentId)}>${name}</a>`;
  return channel ? html`<a class="plain-link" href=${addressOf(channel)}>${name}</a>` : name;
}

/** @param {Budget} budget */
function plainNameOf({ agentId, channelId }) {
  if (agentId) return userOf(agentId).displayName;
  if (!channelId) return t('The workspace');
  const channel = channels.value?.[channelId];
  return channel ? titleOf(channel) : channelId;
}
