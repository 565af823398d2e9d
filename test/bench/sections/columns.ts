import { ratio, type Sample } from '../measuring/measure.ts';
import type { Column, Row } from '../measuring/results.ts';
import { median, quantile } from '../measuring/statistics.ts';

/** What the tables of times have in common. Ratios come first: times differ from machine to machine. */
export function timeColumns(baseline: string): Column[] {
  return [
    { key: 'ratio', heading: `time ÷ ${baseline}`, digits: 2 },
    { key: 'cpuRatio', heading: `CPU ÷ ${baseline}`, digits: 2 },
    { key: 'wall', heading: 'time, µs', digits: 1 },
    { key: 'cpu', heading: 'CPU, µs', digits: 1 },
    { key: 'spread', heading: 'spread, %', digits: 0 },
  ];
}

export function timeRow(sample: Sample, baseline: Sample): Row {
  return {
    name: sample.name,
    values: {
      ratio: ratio(sample.wall, baseline.wall),
      cpuRatio: ratio(sample.cpu, baseline.cpu),
      wall: median(sample.wall),
      cpu: median(sample.cpu),
      spread: spread(sample.wall),
    },
  };
}

/** Half the distance between the quartiles, as a percentage of the median. */
function spread(values: readonly number[]): number {
  return (50 * (quantile(values, 0.75) - quantile(values, 0.25))) / median(values);
}
