import { t } from '../core/language.js';
import '../ui/page-icons.js';
import { useEffect, useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { query } from '../core/router.js';
import { useEvents } from '../core/store/use-events.js';
import { MenuButton } from '../shell/Header.js';
import { Empty } from '../ui/Empty.js';
import { Icon } from '../ui/Icon.js';
import { More } from '../ui/More.js';
import { Failed } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { useLoaded, usePages } from '../ui/use-loaded.js';
import { ActivityRow } from './ActivityRow.js';
import { Filters } from './Filters.js';
import { chosenIn, filterOf } from './filter.js';
import { Plots } from './Plots.js';
import { addressOfExport, getActivity, getFigures } from './requests.js';
import { Timeline } from './Timeline.js';

// Many runs change within a second while agents work.
const together = 1_000;

/** All runs of all agents that one may see, live; what they add up to; and who worked when. */
export function ActivityPage() {
  const chosen = chosenIn(query.value);
  const filter = filterOf(chosen);
  const key = JSON.stringify(filter);
  const runs = usePages(
    `activity:${key}`,
    (/** @type {string | undefined} */ before) => getActivity(filter, before),
    { keep: true },
  );
  const models = useLoaded('activity-models', () =>
    getFigures(
      { agentId: '', channelId: '', modelId: '', status: '', from: '', to: '', leastUsd: '' },
      'model',
    ),
  );
  const later = useRef(/** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined));
  useEffect(() => () => clearTimeout(later.current), []);
  useEvents(
    (event) => event.type === 'reset' || event.type === 'run.created' || event.type === 'run.changed',
    () => {
      later.current ??= setTimeout(() => {
        later.current = undefined;
        runs.refresh(({ run }) => run.id);
      }, together);
    },
  );
  const known = [...new Set((models.data ?? []).map((one) => one.key).filter(Boolean))].toSorted();

  return html`
    <header class="header">
      <${MenuButton} />
      <h1 class="header__name" tabindex="-1"><span class="header__name-text">${t('Activity')}</span></h1>
    </header>
    <div class="page__scroller">
      <div class="page__content activity">
        <div class="page__head">
          <p class="page__intro">${t('Everything that agents did, newest first, in channels that you can read.')}</p>
          <a class="button button--small" href=${addressOfExport(filter)} download="activity.csv"><${Icon} name="download" size=${16} />${t('Export CSV')}</a>
        </div>
        <${Filters} chosen=${chosen} models=${known} />
        <${Plots} filter=${filter} />
        ${runs.items && html`<${Timeline} rows=${runs.items} />`}
        <section class="activity__part" aria-labelledby="activity-runs">
          <h2 class="form__title" id="activity-runs">${t('Runs')}</h2>
          ${list()}
        </section>
      </div>
    </div>
  `;

  function list() {
    if (runs.failure) return html`<${Failed} failure=${runs.failure} retry=${runs.reload} />`;
    if (!runs.items) return html`<${PageSkeleton} label=${t('Loading runs')} />`;
    if (runs.items.length === 0)
      return html`<${Empty} icon="workflow" title=${t('No runs')} text=${t('Nothing matches these filters, or no agent has been asked yet.')} />`;
    return html`
      <ul class="activity__list" data-stale=${runs.busy ? true : undefined}>
        ${runs.items.map((row) => html`<${ActivityRow} key=${row.run.id} row=${row} />`)}
      </ul>
      <${More} pages=${runs} label=${t('Show older runs')} />
    `;
  }
}
