import { addressOfRun } from '../core/addresses.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { userOf } from '../core/store/store.js';
import { isAboutRun, useEvents } from '../core/store/use-events.js';
import { durationLabel, momentLabel } from '../core/time-format.js';
import { costLabel } from '../run/cost.js';
import { PromptSections } from '../run/PromptSections.js';
import { Choice } from '../run/RunFacts.js';
import { RunStatus } from '../run/RunStatus.js';
import { stopLabel, tokenLabel } from '../run/trace.js';
import { Icon } from '../ui/Icon.js';
import { Failed } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { useLoaded } from '../ui/use-loaded.js';
import '../ui/page-icons.js';
import { Answered } from './Answered.js';
import { Calls } from './Calls.js';
import { Others } from './Others.js';
import { Reactions } from './Reactions.js';
import { getWhy } from './requests.js';
import { Thoughts } from './Thoughts.js';
import { UsedMemory } from './UsedMemory.js';
import { UsedPassages } from './UsedPassages.js';

/** @import { MessageAccount, Why } from '../core/types.js' */

/** What was behind a message, in the order in which somebody asks. @param {{ messageId: string }} props */
export function WhyPanel({ messageId }) {
  const loaded = useLoaded(`why:${messageId}`, () => getWhy(messageId), { keep: true });
  const why = loaded.data?.messageId === messageId ? loaded.data : undefined;
  const runId = why?.account?.run.id;
  useEvents((event) => runId !== undefined && isAboutRun(event, runId), loaded.reload);

  if (loaded.failure && !why) return html`<${Failed} failure=${loaded.failure} retry=${loaded.reload} />`;
  if (!why) return html`<${PageSkeleton} label=${t('Loading the run')} />`;
  return html`
    <div class="why__content">
      ${why.account ? html`<${Account} why=${why} account=${why.account} />` : html`<p class="why__note">${why.note}</p>`}
      <${Reactions} reactions=${why.reactions} />
    </div>
  `;
}

/** @param {{ why: Why, account: MessageAccount }} props */
function Account({ why, account }) {
  const { run } = account;
  const written = account.calls.find((call) => call.wroteMessage);
  const address = addressOfRun(run.id) + (written ? `#step-${written.stepNumber}` : '');
  return html`
    <${Facts} why=${why} account=${account} />
    ${account.isHidden && html`<p class="why__hidden"><${Icon} name="lock" size=${14} /> ${t('Some of this run is hidden: it knows of a channel or DM that you can’t read.')}</p>`}
    <a class="button button--main why__trace" href=${address}><${Icon} name="workflow" size=${16} /> ${t('Open the full trace')}</a>
    <${Answered} answered=${account.answered} kind=${account.summary.kind} />
    <${Thoughts} thoughts=${account.thoughts} />
    <${Calls} calls=${account.calls} runId=${run.id} />
    <${PromptSections} runId=${run.id} />
    <${UsedMemory} memory=${account.memory} agentId=${run.agentId} />
    <${UsedPassages} passages=${account.passages} agentId=${run.agentId} />
    <${Others} others=${account.others} />
  `;
}

/** @param {{ why: Why, account: MessageAccount }} props */
function Facts({ why, account }) {
  const { run, summary, models } = account;
  const now = new Date();
  const spent =
    run.startedAt && run.completedAt
      ? new Date(run.completedAt).getTime() - new Date(run.startedAt).getTime()
      : null;
  const outcome = why.notice ? t('Did not answer') : t('Replied');
  const ending = stopLabel(run);
  return html`
    <dl class="why__facts" aria-label=${t('The run')}>
      <div><dt>${t('Outcome')}</dt><dd><${RunStatus} status=${run.status} /> <span>${outcome}${ending && ending !== t('Finished') ? ` · ${ending}` : ''}</span></dd></div>
      ${summary.problem && html`<div class="why__wide"><dt>${t('Problem')}</dt><dd>${summary.problem}</dd></div>`}
      <div><dt>${t('Model')}</dt><dd>${models.join(', ') || t('None')}</dd></div>
      <div><dt>${t('Time')}</dt><dd>${spent === null ? momentLabel(new Date(run.createdAt), now) : html`${durationLabel(spent)}<span class="quiet">${momentLabel(new Date(run.createdAt), now)}</span>`}</dd></div>
      <div><dt>${t('Tokens')}</dt><dd>${tokenLabel(run.tokenUsage) || t('Not known')}</dd></div>
      <div><dt>${t('Cost')}</dt><dd>${costOf(account)}</dd></div>
      ${summary.decision && html`<${Choice} decision=${summary.decision} />`}
      <div><dt>${t('Agent')}</dt><dd>${userOf(run.agentId).displayName}</dd></div>
    </dl>
  `;
}

/** A run that used no tokens cost nothing. @param {MessageAccount} account */
function costOf({ run, summary }) {
  if (summary.costUsd !== null) return costLabel(summary.costUsd);
  const used = run.tokenUsage;
  return used && used.inputTokens + used.outputTokens === 0 ? t('Nothing') : t('Not known');
}
