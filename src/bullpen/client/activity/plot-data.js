// What the plots draw, worked out of the figures by day.

/** @import { ActivityFigures } from '../core/types.js' */

/** @typedef {'runs' | 'failed' | 'inputTokens' | 'outputTokens' | 'costUsd' | 'medianSeconds'} Measure */
/** @typedef {{ key: string, values: (number | null)[] }} Series */

// More lines than these cannot be told apart: the rest is drawn as one.
const mostSeries = 7;
const dayInSeconds = 86_400;

/** Days as uPlot takes them: seconds, without gaps. @param {ActivityFigures[]} figures @returns {number[]} */
export function daysOfFigures(figures) {
  const days = figures.map(({ day }) => Date.parse(`${day}T00:00:00Z`) / 1000);
  if (days.length === 0) return [];
  const first = Math.min(...days);
  const count = Math.round((Math.max(...days) - first) / dayInSeconds) + 1;
  return Array.from({ length: count }, (_, place) => first + place * dayInSeconds);
}

/**
 * One series for each key, the largest first. What cannot be added, the median, is not: its rest is left out.
 * @param {ActivityFigures[]} figures @param {Measure} measure @returns {Series[]}
 */
export function seriesOf(figures, measure) {
  const days = daysOfFigures(figures);
  const missing = measure === 'medianSeconds' ? null : 0;
  /** @type {Map<string, (number | null)[]>} */
  const byKey = new Map();
  for (const one of figures) {
    const values = byKey.get(one.key) ?? days.map(() => missing);
    values[days.indexOf(Date.parse(`${one.day}T00:00:00Z`) / 1000)] = one[measure];
    byKey.set(one.key, values);
  }
  const sum = (/** @type {(number | null)[]} */ values) =>
    values.reduce((all, one) => (all ?? 0) + (one ?? 0), 0) ?? 0;
  const sorted = [...byKey]
    .map(([key, values]) => ({ key, values }))
    .toSorted((a, b) => sum(b.values) - sum(a.values));
  const rest = sorted.slice(mostSeries);
  if (rest.length === 0 || missing === null) return sorted.slice(0, mostSeries);
  const others = days.map((_, place) => rest.reduce((all, { values }) => all + (values[place] ?? 0), 0));
  return [...sorted.slice(0, mostSeries), { key: 'others', values: others }];
}
