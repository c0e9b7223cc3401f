import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { Budgets } from '../settings/Budgets.js';
import { UsageTable } from './UsageTable.js';

/** What the agents' work costs, and what it may cost. */
export function UsageTab() {
  return html`
    <${UsageTable} />
    <p><a class="plain-link" href="/activity">${t('Activity of all agents')}</a></p>
    <${Budgets} />
  `;
}
