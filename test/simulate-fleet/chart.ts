import { COLOURS, type Specification } from '../charts/draw.ts';
import type { Scenario } from './scenarios.ts';
import type { Result } from './simulate.ts';
import { whole } from './table.ts';
import { STEP, type Step } from './tally.ts';

const HOUR = 3_600_000;
const PANEL = { width: 400, height: 190 };

/** Lines differ in colour and in dashes. */
const LINES = {
  colours: [COLOURS.first, COLOURS.second, COLOURS.third],
  dashes: [
    [2, 3],
    [7, 4],
    [1, 0],
  ],
};

/** What the chart shows, also for those who do not see it. */
export function titleOf(isolates: number): string {
  return `A fleet of ${whole(isolates)} short-lived isolates while Google's keys cannot be reached`;
}

/** Fetches and refusals over time: a column for each scenario, a line for each strategy. */
export function chart(results: readonly Result[], isolates: number): Specification {
  const scenarios = [...new Set(results.map(({ scenario }) => scenario))];
  const strategies = [...new Set(results.map(({ strategy }) => strategy.name))];
  const ofScenario = (scenario: Scenario) => results.filter((result) => result.scenario === scenario);
  return {
    title: { text: titleOf(isolates), fontSize: 17, offset: 18 },
    spacing: 32,
    columns: scenarios.length,
    concat: [
      ...scenarios.map((scenario) => fetchesPanel(scenario, strategies, ofScenario(scenario))),
      ...scenarios.map((scenario) => refusalsPanel(scenario, strategies, ofScenario(scenario))),
    ],
  };
}

const decades = Array.from({ length: 7 }, (_, power) => 10 ** power);

/** Counted from the start, on a logarithmic scale. */
function fetchesPanel(scenario: Scenario, strategies: readonly string[], results: readonly Result[]): Specification {
  return panel({
    title: `${scenario.name}: fetches`,
    scenario,
    strategies,
    hours: [0, scenario.duration / HOUR],
    y: {
      title: 'fetches from Google so far',
      scale: { type: 'log', domainMin: 1 },
      axis: { format: ',', values: decades },
    },
    points: pointsOf(results, fetchesSoFar).filter(({ value }) => value > 0),
  });
}

/** From an hour before the outage to an hour after it. */
function refusalsPanel(scenario: Scenario, strategies: readonly string[], results: readonly Result[]): Specification {
  const { outage, name } = scenario;
  return panel({
    title: `${name}: refused good requests`,
    scenario,
    strategies,
    hours: [outage.from / HOUR - 1, outage.to / HOUR + 1],
    y: { title: '% of requests', scale: { domain: [0, 100] }, axis: { tickCount: 5 } },
    points: pointsOf(results, refusedPercent),
  });
}

interface Panel {
  readonly title: string;
  readonly scenario: Scenario;
  readonly strategies: readonly string[];
  /** The first and the last that is shown. */
  readonly hours: readonly [number, number];
  readonly y: object;
  readonly points: readonly Point[];
}

interface Point {
  readonly strategy: string;
  readonly hour: number;
  readonly value: number;
}

function panel({ title, scenario: { outage }, strategies, hours, y, points }: Panel): Specification {
  const [from, to] = hours;
  const x = {
    type: 'quantitative',
    title: 'hour',
    scale: { domain: hours, nice: false },
    axis: { grid: false, tickCount: 8 },
  };
  const down = { data: { values: [{ from: outage.from / HOUR, to: outage.to / HOUR }] } };
  const legend = { orient: 'top', title: null, symbolSize: 900, labelLimit: 0, columns: 1 };
  return {
    ...PANEL,
    title: { text: title, fontSize: 12, offset: 18 },
    layer: [
      {
        ...down,
        mark: { type: 'rect', color: COLOURS.shade, opacity: 1 },
        encoding: { x: { ...x, field: 'from' }, x2: { field: 'to' } },
      },
      {
        ...down,
        mark: { type: 'text', align: 'left', baseline: 'bottom', dy: -2, fontSize: 10 },
        encoding: { x: { ...x, field: 'from' }, y: { value: 0 }, text: { value: 'Google down' } },
      },
      {
        data: { values: points.filter(({ hour }) => hour >= from && hour <= to) },
        mark: { type: 'line', strokeWidth: 2, clip: true },
        encoding: {
          x: { ...x, field: 'hour' },
          y: { type: 'quantitative', field: 'value', ...y },
          color: { field: 'strategy', scale: { domain: strategies, range: LINES.colours }, legend },
          strokeDash: { field: 'strategy', scale: { domain: strategies, range: LINES.dashes }, legend },
        },
      },
    ],
  };
}

/** A point for each step of time, in each result. */
function pointsOf(
  results: readonly Result[],
  pointsFor: (steps: readonly Step[]) => Omit<Point, 'strategy'>[],
): Point[] {
  return results.flatMap(({ strategy, tally }) =>
    pointsFor(tally.steps).map((point) => ({ strategy: strategy.name, ...point })),
  );
}

function fetchesSoFar(steps: readonly Step[]): Omit<Point, 'strategy'>[] {
  let total = 0;
  return steps.map(({ fetches }, index) => {
    total += fetches;
    return { hour: ((index + 1) * STEP) / HOUR, value: total };
  });
}

function refusedPercent(steps: readonly Step[]): Omit<Point, 'strategy'>[] {
  return steps.map(({ refused, requests }, index) => ({
    hour: ((index + 0.5) * STEP) / HOUR,
    value: requests === 0 ? 0 : (100 * refused) / requests,
  }));
}
