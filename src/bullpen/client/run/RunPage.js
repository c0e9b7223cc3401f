import { t } from '../core/language.js';
import '../ui/page-icons.js';
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { addressOfAgent } from '../core/addresses.js';
import { html } from '../core/html.js';
import { query } from '../core/router.js';
import { userOf } from '../core/store/store.js';
import { isAboutRun, useEvents } from '../core/store/use-events.js';
import { MenuButton } from '../shell/Header.js';
import { notForGuests } from '../shell/not-for-guests.js';
import { Avatar } from '../ui/Avatar.js';
import { Failed, NotFound } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { useLoaded } from '../ui/use-loaded.js';
import { Comparison } from './Comparison.js';
import { filtered } from './filter.js';
import { Outcome } from './Outcome.js';
import { RunFacts, useAccount } from './RunFacts.js';
import { RunTools } from './RunTools.js';
import { getTrace } from './requests.js';
import { TraceFilter } from './TraceFilter.js';
import { TraceMessages } from './TraceMessages.js';
import { sectionsOf, waterfallOf } from './trace.js';
import { Waterfall } from './Waterfall.js';

/** @import { Loaded } from '../ui/use-loaded.js' */
/** @import { Trace } from '../core/types.js' */
/** @import { Kind } from './filter.js' */

/** @type {(number | null)[]} */
const noCosts = [];

// Each step has an event; without a stream, this finds it.
const lookAgainAfter = 5000;

/** @param {{ route: { runId: string } }} props */
function Run({ route }) {
  const { runId } = route;
  const loaded = useLoaded(`run:${runId}`, () => getTrace(runId));
  const run = loaded.data;
  const besideId = query.value.get('beside');
  const missing = loaded.failure?.status === 404;
  const active = run?.status === 'created' || run?.status === 'running';

  useEvents((event) => isAboutRun(event, runId), loaded.reload);
  useEffect(() => {
    if (!active || loaded.busy) return;
    const timer = setTimeout(() => document.visibilityState === 'visible' && loaded.reload(), lookAgainAfter);
    return () => clearTimeout(timer);
  }, [run, active, loaded.busy]);

  return html`
    <header class="header">
      <${MenuButton} />
      ${missing ? html`<h1 class="header__name" tabindex="-1">${t('Not found')}</h1>` : heading(run)}
      ${run && !missing && html`<${RunTools} run=${run} changed=${loaded.reload} />`}
    </header>
    ${body()}
  `;

  function body() {
    if (missing) return html`<${NotFound} what="run" />`;
    if (loaded.failure && !run) return html`<${Failed} failure=${loaded.failure} retry=${loaded.reload} />`;
    if (besideId) return html`<${Beside} besideId=${besideId} loaded=${loaded} />`;
    if (!run) return html`<${PageSkeleton} label=${t('Loading the run')} />`;
    return html`<${TraceView} key=${run.id} run=${run} />`;
  }
}

export const RunPage = notForGuests(Run, t('Run'));

/** @param {Trace | undefined} run */
function heading(run) {
  if (!run)
    return html`<h1 class="header__name" tabindex="-1"><span class="visually-hidden">${t('Loading')}</span><span class="skeleton header__waiting"></span></h1>`;
  const user = userOf(run.agentId);
  return html`
    <h1 class="header__name" tabindex="-1">
      <a class="header__agent" href=${addressOfAgent(user.id, 'runs')}>
        <${Avatar} user=${user} size=${24} />
        <span class="header__name-text">${t('{name} · run', { name: user.displayName })}</span>
      </a>
    </h1>
  `;
}

/** @param {{ run: Trace }} props */
function TraceView({ run }) {
  const { sections, waterfall } = useMemo(
    () => ({ sections: sectionsOf(run), waterfall: waterfallOf(run, new Date()) }),
    [run],
  );
  const account = useAccount(run);
  const filter = useSignal({ words: '', kind: /** @type {Kind} */ ('all') });
  const { words, kind } = filter.value;
  const shown = useMemo(() => filtered(sections, words, kind), [sections, words, kind]);
  const count = useMemo(() => shown.reduce((sum, { messages }) => sum + messages.length, 0), [shown]);
  return html`
    <div class="trace" data-steps=${run.steps.length > 0}>
      <div class="trace__above">
        <${RunFacts} run=${run} account=${account} />
        <${Outcome} run=${run} />
        ${sections.length > 0 && html`<${TraceFilter} words=${words} kind=${kind} shown=${count} change=${change} />`}
      </div>
      ${run.steps.length > 0 && html`<${Waterfall} run=${run} waterfall=${waterfall} costs=${account?.stepCosts ?? noCosts} />`}
      <${TraceMessages} run=${run} sections=${shown} waterfall=${waterfall} filtered=${shown !== sections} />
    </div>
  `;

  /** @param {string} newWords @param {Kind} newKind */
  function change(newWords, newKind) {
    filter.value = { words: newWords, kind: newKind };
  }
}

/** @param {{ besideId: string, loaded: Loaded<Trace> }} props */
function Beside({ besideId, loaded }) {
  const before = useLoaded(`run:${besideId}`, () => getTrace(besideId));
  return html`<${Comparison} first=${before} second=${loaded} />`;
}
