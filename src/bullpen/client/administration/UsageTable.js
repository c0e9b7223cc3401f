import { useSignal } from '@preact/signals';
import { addressOf, addressOfAgent, addressOfPerson } from '../core/addresses.js';
import { html } from '../core/html.js';
import { locale, t } from '../core/language.js';
import { channels, titleOf, userOf } from '../core/store/store.js';
import { costLabel } from '../run/cost.js';
import { Empty } from '../ui/Empty.js';
import { Field } from '../ui/Field.js';
import { Failed } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { useLoaded } from '../ui/use-loaded.js';
import { getUsage } from './requests.js';

/** @import { Signal } from '@preact/signals' */
/** @import { UsageRow } from '../core/types.js' */

/** What the rows can be of. `none`: what belongs to none that one can see. @type {Record<string, { name: string, none: string }>} */
const keys = {
  agent: { name: t('Agent'), none: '' },
  person: { name: t('Person'), none: t('No person: plans and agents') },
  model: { name: t('Model'), none: t('No model was asked') },
  channel: { name: t('Channel'), none: t('Private conversations, or none') },
  day: { name: t('Day (UTC)'), none: '' },
};
const number = new Intl.NumberFormat(locale);
const dayLabel = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });

/** What the agents have used, day by day or added up. */
export function UsageTable() {
  const by = useSignal('agent');
  const from = useSignal('');
  const until = useSignal('');
  const wanted = { by: by.value, from: from.value, to: until.value };
  const usage = useLoaded(`usage:${JSON.stringify(wanted)}`, () => getUsage(wanted), { keep: true });
  const shown = usage.data;

  /** @param {Signal<string>} text */
  const setting = (text) => (/** @type {string} */ value) => {
    text.value = value;
  };

  return html`
    <section class="account__part" aria-labelledby="usage-title">
      <h2 class="form__title" id="usage-title">${t('Usage')}</h2>
      <form class="usage__filter" role="search" aria-label=${t('Choose what is added up')} onSubmit=${(/** @type {SubmitEvent} */ event) => event.preventDefault()}>
        <${Field} label=${t('By', {}, 'grouping')} name="usage-by" tag="select" value=${by.value} onInput=${setting(by)}>
          ${Object.entries(keys).map(([key, { name }]) => html`<option key=${key} value=${key}>${name}</option>`)}
        <//>
        <${Field} label=${t('From')} name="usage-from" type="date" value=${from.value || (shown?.firstDay ?? '')} onInput=${setting(from)} />
        <${Field} label=${t('Until')} name="usage-until" type="date" value=${until.value || (shown?.lastDay ?? '')} onInput=${setting(until)} />
      </form>
      ${usage.failure && html`<${Failed} failure=${usage.failure} retry=${usage.reload} />`}
      ${!usage.failure && (shown ? table(shown) : html`<${PageSkeleton} />`)}
    </section>
  `;

  /** @param {import('../core/types.js').Usage} shown */
  function table({ by: key, rows, total }) {
    if (rows.length === 0)
      return html`<${Empty} icon="workflow" title=${t('No runs in these days')} text=${t('Choose other days.')} />`;
    const withBudget = rows.some(({ dailyUsd }) => dailyUsd !== undefined);
    return html`
      <div class="usage__scroller" tabindex="0" role="region" aria-label=${t('Usage table')} aria-busy=${usage.busy}>
        <table class="usage">
          <thead>
            <tr>
              <th scope="col">${keys[key]?.name}</th>
              ${[t('Runs'), t('Calls'), t('Tokens in'), t('Tokens out'), t('Cost')].map((name) => html`<th key=${name} scope="col">${name}</th>`)}
              ${withBudget && html`<th scope="col">${t('Daily budget')}</th>`}
            </tr>
          </thead>
          <tbody>
            ${rows.map((row) => line(row, html`<th scope="row" dir="auto">${nameOf(key, row)}</th>`))}
          </tbody>
          <tfoot>${line(total, html`<th scope="row">${t('Total')}</th>`)}</tfoot>
        </table>
      </div>
    `;

    /** @param {UsageRow} row @param {unknown} head */
    function line(row, head) {
      const over = key === 'day' && row.dailyUsd !== undefined && row.costUsd >= row.dailyUsd;
      return html`
        <tr key=${row.key ?? 'none'}>
          ${head}
          ${[row.runs, row.calls, row.inputTokens, row.outputTokens].map((value, place) => html`<td key=${place}>${number.format(value)}</td>`)}
          <td>${costLabel(row.costUsd)}</td>
          ${withBudget && html`<td>${row.dailyUsd === undefined ? '' : costLabel(row.dailyUsd)}${over && html` <span class="chip chip--bad">${t('Used up')}</span>`}</td>`}
        </tr>
      `;
    }
  }
}

/** @param {string} by @param {UsageRow} row */
function nameOf(by, { key }) {
  if (key === null) return keys[by]?.none;
  if (by === 'day') return dayLabel.format(new Date(key));
  if (by === 'agent' || by === 'person') {
    const address = by === 'agent' ? addressOfAgent(key) : addressOfPerson(key);
    return html`<a class="plain-link" href=${address}>${userOf(key).displayName}</a>`;
  }
  const channel = by === 'channel' ? channels.value?.[key] : undefined;
  return channel ? html`<a class="plain-link" href=${addressOf(channel)}>${titleOf(channel)}</a>` : key;
}
