import { t } from '../core/language.js';
import '../ui/page-icons.js';
import { useEffect } from 'preact/hooks';
import { addressOfRun } from '../core/addresses.js';
import { html } from '../core/html.js';
import { userOf } from '../core/store/store.js';
import { MenuButton } from '../shell/Header.js';
import { Avatar } from '../ui/Avatar.js';
import { Failed, NotFound } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { useLoaded } from '../ui/use-loaded.js';
import { costLabel } from './cost.js';
import { DryRunForm } from './DryRunForm.js';
import { costOf, saidIn } from './dry-runs.js';
import { getTrace, getTried } from './requests.js';
import { Trials } from './Trials.js';

/** @import { Trace } from '../core/types.js' */

// A dry run has no events, so that it reaches nobody else: the page polls.
const lookAgainAfter = 1000;

/** A run tried again without effect. @param {{ route: { runId: string } }} props */
export function DryRunPage({ route }) {
  const { runId } = route;
  const run = useLoaded(`run:${runId}`, () => getTrace(runId));

  const missing = run.failure?.status === 404;
  const user = run.data && userOf(run.data.agentId);
  return html`
    <header class="header">
      <${MenuButton} />
      <h1 class="header__name" tabindex="-1">
        ${
          user && !missing
            ? html`<a class="header__agent" href=${addressOfRun(runId)}><${Avatar} user=${user} size=${24} /><span class="header__name-text">${t('{name} · dry run', { name: user.displayName })}</span></a>`
            : missing
              ? t('Not found')
              : t('Dry run')
        }
      </h1>
    </header>
    <div class="page__scroller dry-run">${body()}</div>
  `;

  function body() {
    if (missing) return html`<${NotFound} what="run" />`;
    if (run.failure && !run.data) return html`<${Failed} failure=${run.failure} retry=${run.reload} />`;
    if (!run.data) return html`<${PageSkeleton} label=${t('Loading the run')} />`;
    return html`<${Tries} key=${runId} run=${run.data} />`;
  }
}

/** @param {{ run: Trace }} props */
function Tries({ run }) {
  const tried = useLoaded(`experiments:${run.id}`, () => getTried(run));
  const active = tried.data?.some((one) =>
    one.trials.some((trial) => trial.status === 'created' || trial.status === 'running'),
  );

  useEffect(() => {
    if (!active || tried.busy) return;
    const timer = setTimeout(tried.reload, lookAgainAfter);
    return () => clearTimeout(timer);
  }, [tried.data, active, tried.busy]);

  const original = saidIn(run);
  const experiments = tried.data ?? [];
  return html`
    <${DryRunForm} run=${run} made=${tried.reload} />
    <section aria-labelledby="dry-run-original">
      <h2 class="form__title" id="dry-run-original">${t('The run’s answer')}</h2>
      <p class="dry-run__text" dir="auto">${original || t('It said nothing.')}</p>
    </section>
    ${tried.failure && !tried.data && html`<${Failed} failure=${tried.failure} retry=${tried.reload} />`}
    ${experiments.length > 0 && html`<p class="quiet">${t('Your tries below cost {cost} together. Spending figures count runs alone, but daily budgets count these too.', { cost: costLabel(costOf(experiments)) })}</p>`}
    ${experiments.map((one) => html`<${Trials} key=${one.id} experiment=${one} original=${original} changed=${tried.reload} />`)}
  `;
}
