import { type Axis, drawPanel, INK, type LineStyle, type Series, strokeOf } from './panel.ts';
import type { Result } from './simulate.ts';
import { element, line, text } from './svg.ts';
import { whole } from './table.ts';
import { STEP, type Step } from './tally.ts';

const HOUR = 3_600_000;
const WIDTH = 1080;
const HEIGHT = 640;
const PANEL = { width: 380, height: 190 };
const COLUMNS = [82, 600];
const ROWS = [120, 390];

const STYLES = [
  { className: 'first', colour: '#cf222e', dashes: '2 3' },
  { className: 'second', colour: '#9a6700', dashes: '7 4' },
  { className: 'third', colour: '#0969da', dashes: 'none' },
];

/** Colours stand at the elements, for light surroundings and simple viewers; these replace them in dark ones. */
const DARK = `@media (prefers-color-scheme: dark) {
  .ink { fill: #e6edf3; } .rule { stroke: #6e7681; } .shade { fill: #30363d; }
  .first { stroke: #ff7b72; } .second { stroke: #d29922; } .third { stroke: #58a6ff; }
}`;

/** Draws fetches and refusals over time: a column for each scenario, a line for each strategy. */
export function chart(results: readonly Result[], isolates: number): string {
  const scenarios = [...new Set(results.map(({ scenario }) => scenario))];
  const names = [...new Set(results.map(({ strategy }) => strategy.name))];
  const styles = names.map((name, index) => ({ name, ...STYLES[index] }) as LineStyle);
  const fetchAxis = logarithmic('fetches from Google so far', Math.max(...results.map(({ tally }) => tally.fetches)));

  const panels = scenarios.flatMap((scenario, column) => {
    const own = results.filter((result) => result.scenario === scenario);
    const { duration, outage, name } = scenario;
    const frame = {
      ...PANEL,
      left: COLUMNS[column] ?? 0,
      shaded: { from: outage.from / HOUR, to: outage.to / HOUR, label: 'Google down' },
    };
    const lines = (seriesOf: (result: Result) => Omit<Series, 'style'>) =>
      own.map((result, index): Series => ({ style: styles[index] as LineStyle, ...seriesOf(result) }));
    return [
      drawPanel({
        ...frame,
        top: ROWS[0] ?? 0,
        from: 0,
        to: duration / HOUR,
        title: `${name}: fetches`,
        y: fetchAxis,
        series: lines(({ tally }) => ({ points: fetchesSoFar(tally.steps), endLabel: whole(tally.fetches) })),
      }),
      drawPanel({
        ...frame,
        top: ROWS[1] ?? 0,
        from: outage.from / HOUR - 1,
        to: outage.to / HOUR + 1,
        title: `${name}: refused good requests`,
        y: PERCENT,
        series: lines(({ tally }) => ({ points: refusedPercent(tally.steps) })),
      }),
    ];
  });

  const title = `A fleet of ${whole(isolates)} short-lived isolates while Google's keys cannot be reached`;
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: 'img',
      'aria-labelledby': 'title',
      'font-family': 'system-ui, sans-serif',
      'font-size': 12,
    },
    `\n${element('title', { id: 'title' }, title)}`,
    `\n<style>${DARK}</style>`,
    `\n${text(24, 30, title, { ...INK, 'font-size': 17, 'font-weight': 'bold' })}`,
    `\n${legend(styles)}`,
    ...panels.map((panel) => `\n${panel}`),
    '\n',
  )}\n`;
}

function legend(styles: readonly LineStyle[]): string {
  return styles
    .map((style, index) => {
      const x = 24 + index * 230;
      return line([x, 58], [x + 36, 58], strokeOf(style)) + text(x + 44, 62, style.name, INK);
    })
    .join('\n');
}

function fetchesSoFar(steps: readonly Step[]): Series['points'] {
  let total = 0;
  return steps.map(({ fetches }, index) => {
    total += fetches;
    return { hour: ((index + 1) * STEP) / HOUR, value: total };
  });
}

function refusedPercent(steps: readonly Step[]): Series['points'] {
  return steps.map(({ refused, requests }, index) => ({
    hour: ((index + 0.5) * STEP) / HOUR,
    value: requests === 0 ? 0 : (100 * refused) / requests,
  }));
}

const PERCENT: Axis = {
  label: '% of requests',
  ticks: [0, 25, 50, 75, 100].map((value) => ({ value, label: `${value} %` })),
  position: (value) => value / 100,
};

function logarithmic(label: string, max: number): Axis {
  const decades = Math.max(1, Math.ceil(Math.log10(max)));
  return {
    label,
    ticks: Array.from({ length: decades + 1 }, (_, power) => ({ value: 10 ** power, label: whole(10 ** power) })),
    position: (value) => Math.log10(Math.max(1, value)) / decades,
  };
}
