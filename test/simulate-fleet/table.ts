import { textTable } from '../commands/text-table.ts';
import type { Result } from './simulate.ts';

const HEADINGS = [
  ['', 'strategy'],
  ['good', 'requests'],
  ['fetches', 'from Google'],
  ['of which', 'failed'],
  ['refused', ''],
  ['of which by', 'warm isolates'],
  ['wait, mean', 'ms'],
  ['wait, p99', 'ms'],
  ['waited', '> 1 s'],
];

/** The results as lines of text, one table for each scenario. */
export function tables(results: readonly Result[]): string {
  const names = [...new Set(results.map(({ scenario }) => scenario.name))];
  return names
    .map((name) => `${name}\n${table(results.filter(({ scenario }) => scenario.name === name))}\n`)
    .join('\n');
}

function table(results: readonly Result[]): string {
  const rows = [0, 1].map((line) => HEADINGS.map((heading) => `${heading[line]}`)).concat(results.map(row));
  return textTable(rows);
}

function row({ strategy, tally }: Result): string[] {
  const { requests, fetches, failedFetches, refused, refusedByWarm, meanLatency, p99Latency, slow } = tally;
  return [
    strategy.name,
    whole(requests),
    whole(fetches),
    whole(failedFetches),
    whole(refused),
    whole(refusedByWarm),
    meanLatency.toFixed(1),
    p99Latency.toFixed(0),
    whole(slow),
  ];
}

export function whole(value: number): string {
  return value.toLocaleString('en');
}
