import { useEffect, useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { locale, t } from '../core/language.js';

// Loaded when there is something to draw.
const library = new URL('../vendor/uplot/uplot.js', import.meta.url).href;
const height = 220;
// In seconds: its marks are days, as its values are.
const steps = [1, 2, 3, 7, 14, 28, 91, 182, 364].map((days) => days * 86_400);
// Told apart without color by their dashes, too.
const strokes = [
  { color: '--plot-1', dash: [] },
  { color: '--plot-2', dash: [6, 3] },
  { color: '--plot-3', dash: [2, 3] },
  { color: '--plot-4', dash: [10, 4] },
  { color: '--plot-5', dash: [] },
  { color: '--plot-6', dash: [6, 3] },
  { color: '--plot-7', dash: [2, 3] },
  { color: '--text-quiet', dash: [10, 4] },
];

/** Lines by day; the same as a table for those who do not see them. @param {{ days: number[], series: { label: string, values: (number | null)[] }[], title: string }} props */
export function Plot({ days, series, title }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const shape = JSON.stringify([days, series]);

  useEffect(() => {
    const element = box.current;
    if (!element || days.length === 0) return;
    let stop = () => {};
    let current = true;
    import(library).then(({ default: UPlot }) => {
      if (current) stop = draw(UPlot, element, days, series);
    });
    return () => {
      current = false;
      stop();
    };
  }, [shape]);

  if (days.length === 0) return html`<p class="quiet">${t('Nothing to show for these days.')}</p>`;
  return html`
    <div class="plot" ref=${box} aria-hidden="true"></div>
    <details class="plot__table">
      <summary>${t('{title} as a table', { title })}</summary>
      <div class="plot__scroller" tabindex="0" role="region" aria-label=${t('{title} as a table', { title })}>
        <table>
          <thead><tr><th scope="col">${t('Day')}</th>${series.map(({ label }) => html`<th key=${label} scope="col" dir="auto">${label}</th>`)}</tr></thead>
          <tbody>
            ${days.map((day, place) => html`<tr key=${day}><th scope="row">${dayName(day)}</th>${series.map(({ label, values }) => html`<td key=${label}>${values[place]?.toLocaleString(locale, { maximumFractionDigits: 4 }) ?? ''}</td>`)}</tr>`)}
          </tbody>
        </table>
      </div>
    </details>
  `;
}

/** @param {number} day */
const dayName = (day) =>
  new Date(day * 1000).toLocaleDateString(locale, { month: 'short', day: 'numeric', timeZone: 'UTC' });

/**
 * Drawn again where the color scheme or the room for it changes.
 * @param {any} UPlot @param {HTMLElement} element @param {number[]} days
 * @param {{ label: string, values: (number | null)[] }[]} series @returns {() => void} stops
 */
function draw(UPlot, element, days, series) {
  /** @type {any} */
  let plot = null;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  function again() {
    plot?.destroy();
    const color = (/** @type {string} */ name) =>
      getComputedStyle(element).getPropertyValue(name) || 'currentColor';
    const probe = document.createElement('span');
    element.append(probe);
    const resolved = (/** @type {string} */ name) => {
      probe.style.color = `var(${name}, currentColor)`;
      return getComputedStyle(probe).color || color(name);
    };
    const text = resolved('--text-quiet');
    const lineColor = resolved('--line');
    const axis = {
      stroke: text,
      grid: { stroke: lineColor, width: 1 },
      ticks: { stroke: lineColor, width: 1 },
    };
    const drawn = series.map(({ label }, place) => {
      const { color: name, dash } = strokes[place % strokes.length] ?? { color: '--text-quiet', dash: [] };
      return {
        label,
        stroke: resolved(name),
        width: 2,
        dash,
        spanGaps: true,
        points: { show: days.length < 15 },
      };
    });
    probe.remove();
    const options = {
      width: Math.max(120, element.clientWidth),
      height,
      tzDate: (/** @type {number} */ at) => UPlot.tzDate(new Date(at * 1e3), 'Etc/UTC'),
      series: [
        {
          label: t('Day'),
          value: (/** @type {unknown} */ _, /** @type {number | null} */ at) =>
            at === null ? '' : dayName(at),
        },
        ...drawn,
      ],
      axes: [
        {
          ...axis,
          incrs: steps,
          space: 70,
          size: 34,
          values: (/** @type {unknown} */ _, /** @type {number[]} */ marks) => marks.map(dayName),
        },
        { ...axis, size: 60 },
      ],
      scales: {
        y: {
          range: (/** @type {unknown} */ _, /** @type {number} */ __, /** @type {number} */ most) => [
            0,
            most > 0 ? most * 1.1 : 1,
          ],
        },
      },
    };
    plot = new UPlot(options, [days, ...series.map(({ values }) => values)], element);
  }
  again();
  const observer = new ResizeObserver(() =>
    plot?.setSize({ width: Math.max(120, element.clientWidth), height }),
  );
  observer.observe(element);
  dark.addEventListener('change', again);
  return () => {
    observer.disconnect();
    dark.removeEventListener('change', again);
    plot?.destroy();
  };
}
