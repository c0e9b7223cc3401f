import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { locale, sentence, t } from '../core/language.js';
import { channels, titleOf, userOf } from '../core/store/store.js';
import { costLabel } from '../run/cost.js';
import { getBudgets } from '../settings/requests.js';
import { Field } from '../ui/Field.js';
import { Failed } from '../ui/Notice.js';
import { useLoaded } from '../ui/use-loaded.js';
import { Plot } from './Plot.js';
import { daysOfFigures, seriesOf } from './plot-data.js';
import { getFigures } from './requests.js';

/** @import { ActivityFigures, Budget } from '../core/types.js' */
/** @import { Measure } from './plot-data.js' */
/** @import { ActivityFilter, By } from './requests.js' */

/** @type {{ measure: Measure, name: string }[]} */
const measures = [
  { measure: 'runs', name: t('Runs') },
  { measure: 'failed', name: t('Failures') },
  { measure: 'inputTokens', name: t('Tokens sent') },
  { measure: 'outputTokens', name: t('Tokens returned') },
  { measure: 'costUsd', name: t('Cost ($)') },
  { measure: 'medianSeconds', name: t('Median seconds') },
];
/** @type {{ by: By, name: string }[]} */
const groups = [
  { by: 'all', name: t('All together') },
  { by: 'agent', name: t('By agent') },
  { by: 'model', name: t('By model') },
  { by: 'channel', name: t('By channel') },
];
const shownDays = 30;

/** What the runs add up to, day by day. Without a first day it is the last thirty. @param {{ filter: ActivityFilter }} props */
export function Plots({ filter }) {
  const measure = useSignal(/** @type {Measure} */ ('runs'));
  const by = useSignal(/** @type {By} */ ('all'));
  const since =
    filter.from || new Date(Date.now() - shownDays * 86_400_000).toISOString().slice(0, 13).concat(':00:00Z');
  const asked = { ...filter, from: since };
  const figures = useLoaded(
    `figures:${by.value}:${JSON.stringify(asked)}`,
    () => getFigures(asked, by.value),
    {
      keep: true,
    },
  );
  if (figures.failure) return html`<${Failed} failure=${figures.failure} retry=${figures.reload} />`;
  if (!figures.data) return html`<div class="activity__part plots" aria-busy="true"></div>`;
  const name = measures.find((one) => one.measure === measure.value)?.name ?? '';
  const series = seriesOf(figures.data, measure.value).map(({ key, values }) => ({
    label: by.value === 'all' ? name : labelOf(by.value, key),
    values,
  }));
  return html`
    <section class="activity__part plots" aria-labelledby="activity-plots">
      <h2 class="form__title" id="activity-plots">${t('By day')}</h2>
      <${Sums} figures=${figures.data} />
      <div class="plots__choices">
        <${Field} label=${t('Show')} name="plot-measure" tag="select" value=${measure.value} onInput=${(
          /** @type {Measure} */ value,
        ) => {
          measure.value = value;
        }}>${measures.map((one) => html`<option key=${one.measure} value=${one.measure}>${one.name}</option>`)}<//>
        <${Field} label=${t('Split')} name="plot-by" tag="select" value=${by.value} onInput=${(
          /** @type {By} */ value,
        ) => {
          by.value = value;
        }}>${groups.map((one) => html`<option key=${one.by} value=${one.by}>${one.name}</option>`)}<//>
      </div>
      <${Plot} days=${daysOfFigures(figures.data)} series=${series} title=${name} />
      <${Limits} />
    </section>
  `;
}

/** @param {By} by @param {string} key */
function labelOf(by, key) {
  if (key === 'others') return t('All others');
  if (key === '') return by === 'channel' ? t('No channel') : t('No model');
  if (by === 'agent') return userOf(key).displayName;
  const channel = by === 'channel' ? channels.value?.[key] : undefined;
  return channel ? titleOf(channel) : key;
}

/** @param {{ figures: ActivityFigures[] }} props */
function Sums({ figures }) {
  const sum = (/** @type {(one: ActivityFigures) => number} */ of) =>
    figures.reduce((all, one) => all + of(one), 0);
  const sent = sum((one) => one.inputTokens);
  const unique = sum((one) => one.uniqueTokens);
  const shown = [
    [t('Runs'), sum((one) => one.runs).toLocaleString(locale)],
    [t('Failed'), sum((one) => one.failed).toLocaleString(locale)],
    [t('Cost'), costLabel(sum((one) => one.costUsd))],
    [t('Tokens sent'), sent.toLocaleString(locale)],
    [
      t('of them unique'),
      sent === 0 ? '0' : `${unique.toLocaleString(locale)} (${Math.round((100 * unique) / sent)}%)`,
    ],
    [t('Tokens returned'), sum((one) => one.outputTokens).toLocaleString(locale)],
  ];
  return html`<dl class="plots__sums">${shown.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** Today's budgets: what is spent, and what calls under way have reserved. */
function Limits() {
  const budgets = useLoaded('activity-budgets', getBudgets);
  if (!budgets.data?.length) return null;
  return html`
    <ul class="plots__budgets" aria-label=${t('Today’s budgets')}>
      ${budgets.data.map((budget) => html`<li key=${`${budget.agentId} ${budget.channelId}`}>${budgetWords(budget)}</li>`)}
    </ul>
  `;
}

/** @param {Budget} budget */
function budgetName({ agentId, channelId }) {
  if (agentId !== null) return userOf(agentId).displayName;
  const channel = channelId === null ? undefined : channels.value?.[channelId];
  return channel ? titleOf(channel) : (channelId ?? t('Workspace'));
}

/** @param {Budget} budget */
function budgetWords(budget) {
  const parts = {
    name: html`<span dir="auto">${budgetName(budget)}</span>`,
    spent: costLabel(budget.spentUsd),
    limit: costLabel(budget.dailyUsd),
    reserved: costLabel(budget.reservedUsd),
  };
  return budget.reservedUsd > 0
    ? sentence(t('{name}: {spent} of {limit} today, up to {reserved} reserved'), parts)
    : sentence(t('{name}: {spent} of {limit} today'), parts);
}
