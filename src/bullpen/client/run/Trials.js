import { addressOf } from '../core/addresses.js';
import { html } from '../core/html.js';
import { locale, plural, t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';
import { channels } from '../core/store/store.js';
import { durationLabel } from '../core/time-format.js';
import { ConfirmButton } from '../ui/ConfirmButton.js';
import { useSave } from '../ui/use-save.js';
import { costLabel } from './cost.js';
import { answerDiff, variantLabel } from './dry-runs.js';
import { RunStatus } from './RunStatus.js';
import { cancelExperiment, postTrial } from './requests.js';

/** @import { Experiment, Trial } from '../core/types.js' */

/** The trials of a dry run beside each other, answers first. @param {{ experiment: Experiment, original: string, changed: () => void }} props */
export function Trials({ experiment, original, changed }) {
  const saving = useSave();
  const trials = experiment.trials ?? [];
  const active = trials.some((one) => one.status === 'created' || one.status === 'running');

  async function cancel() {
    await saving.save(() => cancelExperiment(experiment.id));
    changed();
  }

  return html`
    <div class="dry-run__trials">
      <h2 class="form__title">${headingOf(experiment)}</h2>
      ${saving.problem && html`<p class="alert" role="alert">${sentenceOf(saving.problem.failure)}</p>`}
      ${active && html`<div><button class="button button--small" type="button" disabled=${saving.busy} onClick=${cancel}>${t('Cancel')}</button></div>`}
      <ol class="dry-run__answers" aria-label=${t('Answers')}>
        ${trials.map((one) => html`<${Answer} key=${one.id} experiment=${experiment} trial=${one} original=${original} changed=${changed} />`)}
      </ol>
    </div>
  `;
}

/** @param {Experiment} experiment */
function headingOf({ kind, moment }) {
  if (kind === 'probe') return t('Fixed questions');
  return moment === 'then' ? t('With the prompt of the run') : t('As of now');
}

/** @param {{ experiment: Experiment, trial: Trial, original: string, changed: () => void }} props */
function Answer({ experiment, trial, original, changed }) {
  const saving = useSave();
  const answer = trial.answers.join('\n\n');
  const ended = trial.status !== 'created' && trial.status !== 'running';
  const recorded = trial.steps.flatMap((step) => step.calls).filter((call) => !call.isCarriedOut);
  const span =
    trial.startedAt && trial.completedAt
      ? new Date(trial.completedAt).getTime() - new Date(trial.startedAt).getTime()
      : null;
  const channel = experiment.channelId ? channels.value?.[experiment.channelId] : undefined;
  const { inputTokens = 0, outputTokens = 0 } = trial.tokenUsage;

  async function post() {
    await saving.save(() => postTrial(experiment.id, trial.id));
    changed();
  }

  return html`
    <li class="card dry-run__answer">
      <h3 class="dry-run__variant">${variantLabel(trial)} <${RunStatus} status=${trial.status} /></h3>
      ${trial.question !== null && html`<p class="dry-run__question" dir="auto">${trial.question}</p>`}
      ${
        answer &&
        html`<p class="dry-run__text" dir="auto">${answerDiff(
          trial.question === null ? original : answer,
          answer,
        ).map(({ kind, items }, place) => {
          const text = items.join('');
          if (kind === 'removed') return html`<del key=${place}>${text}</del>`;
          return kind === 'added' ? html`<ins key=${place}>${text}</ins>` : text;
        })}</p>`
      }
      ${ended && !answer && !trial.problem && html`<p class="quiet">${t('It said nothing here.')}</p>`}
      ${trial.problem && html`<p class="alert">${trial.problem}</p>`}
      ${
        recorded.length > 0 &&
        html`<details><summary>${plural(recorded.length, '{count} call recorded, not carried out', '{count} calls recorded, not carried out')}</summary>
          <ul>${recorded.map((call, place) => html`<li key=${place}><code>${call.toolName}</code> <span dir="auto">${JSON.stringify(call.input)}</span></li>`)}</ul>
        </details>`
      }
      <p class="quiet">${[
        span !== null && durationLabel(span),
        t('{input} tokens in, {output} out', {
          input: inputTokens.toLocaleString(locale),
          output: outputTokens.toLocaleString(locale),
        }),
        costLabel(trial.costUsd),
      ]
        .filter(Boolean)
        .join(' · ')}</p>
      ${saving.problem && html`<p class="alert" role="alert">${sentenceOf(saving.problem.failure)}</p>`}
      ${
        trial.postedMessageId && channel
          ? html`<p><a class="plain-link" href=${addressOf(channel, null, trial.postedMessageId)}>${t('Posted')}</a></p>`
          : answer &&
            experiment.runId &&
            experiment.channelId &&
            html`<${ConfirmButton} icon="send-horizontal" label=${t('Post this one')} name=${t('this answer')} question=${t('Post this answer as the agent?')} yes=${t('Post')} busy=${saving.busy} act=${post} />`
      }
    </li>
  `;
}
