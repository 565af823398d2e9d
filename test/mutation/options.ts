import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

export interface Options {
  /** Patterns of sources, from packages/core/src on and without extension. */
  readonly sources: readonly string[];
  readonly fresh: boolean;
  readonly again: boolean;
  /** How many test files are asked for each mutant at most; undefined: all. */
  readonly nearest: number | undefined;
  readonly dryRun: boolean;
  readonly reportOnly: boolean;
  readonly record: boolean;
  readonly concurrency: number;
}

export const HELP = `Changes the sources of core in many small ways, and tells which changes no test has noticed.

  npm run mutation [-- source …]   all of core, or such sources only: claims 'keys/*'

  --fresh            tests all mutants again; else only those whose source or tests have changed since
  --again            tests those again that have survived before
  --nearest <n>      asks n test files at most for each mutant, no slow ones: some survive that others would notice
  --concurrency <n>  how many mutants at a time (half of the processors)
  --dry-run          runs the tests without any mutant
  --report           prints the figures of the last run again
  --record           keeps the figures for docs/figures.md; for all of core
`;

/** @throws TypeError that names a wrong option */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      fresh: { type: 'boolean', default: false },
      again: { type: 'boolean', default: false },
      nearest: { type: 'string' },
      concurrency: { type: 'string', default: String(Math.max(1, Math.floor(availableParallelism() / 2))) },
      'dry-run': { type: 'boolean', default: false },
      report: { type: 'boolean', default: false },
      record: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  for (const name of ['concurrency', 'nearest'] as const) {
    if (!/^[1-9]\d*$/.test(values[name] ?? '1')) {
      throw new TypeError(`--${name} must be a whole number, 1 or more.`);
    }
  }
  if (values.record && (positionals.length > 0 || values['dry-run'])) {
    throw new TypeError('--record is for all of core: it cannot be together with sources or --dry-run.');
  }
  return values.help
    ? 'help'
    : {
        sources: positionals.length > 0 ? positionals.map((source) => source.replace(/\.ts$/, '')) : ['**/*'],
        fresh: values.fresh,
        again: values.again,
        nearest: values.nearest === undefined ? undefined : Number(values.nearest),
        dryRun: values['dry-run'],
        reportOnly: values.report,
        record: values.record,
        concurrency: Number(values.concurrency),
      };
}
