import { getAgent } from '../agent/requests.js';
import { addressOfComparison } from '../core/addresses.js';
import { html } from '../core/html.js';
import { locale, t } from '../core/language.js';
import { userOf } from '../core/store/store.js';
import { durationLabel, momentLabel } from '../core/time-format.js';
import { checkModel } from '../settings/requests.js';
import { useLoaded } from '../ui/use-loaded.js';
import { costLabel } from './cost.js';
import { RunStatus } from './RunStatus.js';
import { getAccount } from './requests.js';
import { spanOf, stopLabel } from './trace.js';
import { triggerOf } from './trigger.js';

/** @import { Decision, RunAccount, Trace } from '../core/types.js' */

/** @type {Record<Decision['reason'], string>} */
const reasons = {
  mentioned: t('It was mentioned'),
  thread: t('It takes part in the thread'),
  relevance: t('It fits the message best'),
  host: t('It is the channel’s host, and no other agent fits'),
  everyone: t('All agents were asked'),
  direct_message: t('It is a direct message'),
};

/** Whether the agent's model is retired, and which one answers instead. @param {string} agentId */
const checkModelOf = async (agentId) => checkModel((await getAgent(agentId)).modelId);

/** What a run cost, what went wrong, what each step cost. @param {Trace} run */
export function useAccount(run) {
  return useLoaded(`account:${run.id}:${run.status}`, () => getAccount(run.id), { keep: true }).data;
}

/** @param {{ run: Trace, account: RunAccount | undefined, beside?: boolean }} props beside: the run that it repeats is in sight */
export function RunFacts({ run, account, beside = false }) {
  const now = new Date();
  const span = spanOf(run, now);
  const models = [...new Set(run.steps.map((step) => step.modelId))];
  const trigger = triggerOf(run);
  const checked = useLoaded(`model-of:${run.agentId}`, () => checkModelOf(run.agentId)).data;
  const retired = checked && models.includes(checked.answersBy) ? checked.retired : undefined;
  return html`
    <dl class="run-facts" aria-label=${t('The run')}>
      <div><dt>${t('Status')}</dt><dd><${RunStatus} status=${run.status} /></dd></div>
      ${stopLabel(run) && html`<div><dt>${t('Result')}</dt><dd>${stopLabel(run)}</dd></div>`}
      <div>
        <dt>${t('Trigger')}</dt>
        <dd>
          ${trigger.address ? html`<a class="plain-link" href=${trigger.address}>${trigger.label}</a>` : trigger.label}
        </dd>
      </div>
      <div>
        <dt>${run.startedAt ? t('Started') : t('Queued')}</dt>
        <dd><time datetime=${run.startedAt ?? run.createdAt}>${momentLabel(new Date(run.startedAt ?? run.createdAt), now)}</time></dd>
      </div>
      ${span !== null && html`<div><dt>${t('Duration')}</dt><dd>${run.completedAt ? durationLabel(span) : t('{duration} so far', { duration: durationLabel(span) })}</dd></div>`}
      ${
        run.tokenUsage &&
        html`<div><dt>${t('Tokens')}</dt><dd>${t('{input} in, {output} out', { input: run.tokenUsage.inputTokens.toLocaleString(locale), output: run.tokenUsage.outputTokens.toLocaleString(locale) })}</dd></div>`
      }
      ${models.length > 0 && html`<div><dt>${t('Model')}</dt><dd>${models.join(', ')}</dd></div>`}
      ${retired && html`<div><dt>${t('Note')}</dt><dd>${retired}</dd></div>`}
      ${account?.costUsd != null && html`<div><dt>${t('Cost')}</dt><dd>${costLabel(account.costUsd)}</dd></div>`}
      ${account?.decision && html`<${Choice} decision=${account.decision} />`}
      ${
        !beside &&
        account?.againOf &&
        html`<div><dt>${t('Rerun')}</dt><dd><a class="plain-link" href=${addressOfComparison(run.id, account.againOf)}>${t('Compare with original')}</a></dd></div>`
      }
      ${account?.problem && html`<div class="run-facts__problem"><dt>${t('Problem')}</dt><dd>${account.problem}</dd></div>`}
    </dl>
  `;
}

/** Why this agent was asked, and how well the others fit. @param {{ decision: Decision }} props */
export function Choice({ decision }) {
  const others = decision.candidates ?? [];
  return html`<div>
    <dt>${t('Asked because')}</dt>
    <dd>
      ${reasons[decision.reason]}${
        others.length > 1 &&
        html`<ul class="run-facts__candidates" aria-label=${t('Agents that could have been asked, with their scores')}>
          ${others.map((one) => html`<li key=${one.agentId}><span dir="auto">${userOf(one.agentId).displayName}</span> ${one.score.toLocaleString(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}${one.isHost ? `, ${t('host')}` : ''}</li>`)}
        </ul>`
      }
    </dd>
  </div>`;
}
