/*
 * Figures of runs that take long, as they were recorded.
 */
import { type Figure, whole } from './figure.ts';
import type { Origin } from './recorded.ts';
import type { FuzzSummary, MutationSummary, SoakSummary } from './summaries.ts';

type Recorded<Summary> = (Origin & Summary) | undefined;

export function mutationRow(recorded: Recorded<MutationSummary>): Figure {
  return row('Mutation score', recorded, 'npm run mutation', ({ mutants, killed, timedOut, silenced, ...scores }) => ({
    result:
      `${scores.score.toFixed(1)} %: ${whole(killed + timedOut)} of ${whole(mutants - silenced)} mutants noticed; ` +
      `${silenced} silenced with a reason (counted as survivors: ${scores.strictScore.toFixed(1)} %)`,
  }));
}

export function fuzzRow(recorded: Recorded<FuzzSummary>): Figure {
  return row('Fuzzing', recorded, 'npm run fuzz', ({ runs, failures, targets, seconds, seed }) => {
    const properties = targets.reduce((sum, target) => sum + target.properties, 0);
    return {
      result: `${whole(runs)} runs of ${properties} properties on ${targets.length} targets, ${failures} failures`,
      seconds,
      options: `--seconds ${seconds} --seed ${seed}`,
    };
  });
}

const MIB = 2 ** 20;

export function soakRow(recorded: Recorded<SoakSummary>): Figure {
  return row('Soak', recorded, 'npm run soak', (soak) => {
    const { seconds, seed, rate, requests, good, bad, accepted, excused, stalled, restarts, violations, services } =
      soak;
    const p99s = services.map(({ p99Ms }) => p99Ms);
    const growth = Math.max(...services.map(({ heapGrowthBytes }) => heapGrowthBytes));
    return {
      result: [
        `${whole(violations)} violations in ${whole(requests)} requests to ${services.length} adapters, ${restarts} restarts`,
        `${whole(bad)} bad ones, ${whole(good)} good: ${whole(accepted)} accepted, ${whole(excused)} refused within a documented window`,
        ...(stalled === 0 ? [] : [`${whole(stalled)} got 503 because the machine was too busy`]),
        `p99 ${whole(Math.round(Math.min(...p99s)))} to ${whole(Math.round(Math.max(...p99s)))} ms`,
        `heap ${growth < 0 ? '−' : '+'}${(Math.abs(growth) / MIB).toFixed(1)} MiB at most`,
      ].join('; '),
      seconds,
      options: `--seconds ${seconds} --seed ${seed} --rate ${rate}`,
    };
  });
}

interface Measured {
  readonly result: string;
  readonly seconds?: number;
  /** What makes the same run again. */
  readonly options?: string;
}

function row<Summary>(
  section: string,
  recorded: Recorded<Summary>,
  command: string,
  measure: (summary: Summary) => Measured,
): Figure {
  if (recorded === undefined) {
    return { section, result: 'not recorded yet', measured: '–', command };
  }
  const { result, seconds, options } = measure(recorded);
  const duration = seconds === undefined ? '' : `, ${seconds} s`;
  return {
    section,
    result,
    measured: `${recorded.date}, Node.js ${recorded.node.slice(1)}${duration}`,
    command: options === undefined ? command : `${command} -- ${options}`,
  };
}
