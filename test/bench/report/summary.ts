import { entries } from '../contestants/registry.ts';
import { lookUp, type Results, type Table } from '../measuring/results.ts';

/** Where the figures of the summary come from. */
const FIGURES = [
  { heading: 'new token, µs', table: 'unique-one', column: 'wall', digits: 0 },
  { heading: 'known token, µs', table: 'repeated', column: 'wall', digits: 1 },
  { heading: 'cold start, ms', table: 'cold-start', column: 'total', digits: 0 },
  { heading: 'Worker, gzip, kB', table: 'bundle-size', column: 'workerGzip', digits: 1 },
  { heading: 'Node.js, gzip, kB', table: 'bundle-size', column: 'nodeGzip', digits: 1 },
] as const;

/** How fast and how large each is, in one table: those who choose want no more. */
export function summaryOf(results: Results): Table {
  return {
    id: 'summary',
    title: 'How fast, how large',
    columns: FIGURES.map(({ heading, digits }) => ({ key: heading, heading, digits })),
    rows: entries
      .filter(({ variant }) => variant !== true)
      .map(({ name }) => ({
        name,
        values: Object.fromEntries(
          FIGURES.map(({ heading, table, column }) => [heading, lookUp(results, { table, row: name, column }) ?? null]),
        ),
      })),
  };
}
