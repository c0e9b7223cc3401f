import { useMemo } from 'preact/hooks';
import { addressOfRun } from '../core/addresses.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { Failed } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { RunFacts, useAccount } from './RunFacts.js';
import { TraceMessages } from './TraceMessages.js';
import { sectionsOf, waterfallOf } from './trace.js';

/** @import { Loaded } from '../ui/use-loaded.js' */
/** @import { Trace } from '../core/types.js' */

/** Two traces beside each other. @param {{ first: Loaded<Trace>, second: Loaded<Trace> }} props */
export function Comparison({ first, second }) {
  return html`
    <div class="comparison">
      <${Side} loaded=${first} title=${t('Original')} side=${t('the original')} />
      <${Side} loaded=${second} title=${t('Rerun')} side=${t('the rerun')} />
    </div>
  `;
}

/** @param {{ loaded: Loaded<Trace>, title: string, side: string }} props side: the title within a sentence */
function Side({ loaded, title, side }) {
  const run = loaded.data;
  const { sections, waterfall } = useMemo(
    () =>
      run
        ? { sections: sectionsOf(run), waterfall: waterfallOf(run, new Date()) }
        : { sections: [], waterfall: { total: 0, bars: [] } },
    [run],
  );
  return html`
    <section class="comparison__side" aria-label=${title}>
      <h2 class="comparison__title">${run ? html`<a class="plain-link" href=${addressOfRun(run.id)}>${title}</a>` : title}</h2>
      ${loaded.failure && !run && html`<${Failed} failure=${loaded.failure} retry=${loaded.reload} />`}
      ${!loaded.failure && !run && html`<${PageSkeleton} label=${t('Loading: {title}', { title })} />`}
      ${
        run &&
        html`<${SideFacts} run=${run} />
        <${TraceMessages} run=${run} sections=${sections} waterfall=${waterfall} side=${side} />`
      }
    </section>
  `;
}

/** @param {{ run: Trace }} props */
function SideFacts({ run }) {
  const account = useAccount(run);
  return html`<${RunFacts} run=${run} account=${account} beside />`;
}
