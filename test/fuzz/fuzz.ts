import fc from 'fast-check';
import type { Property, Target } from './target.ts';

export interface FuzzOptions {
  readonly targets: readonly Target[];
  /** The same seed makes the same values. */
  readonly seed: number;
  /** How many runs each property gets. */
  readonly runs?: number | undefined;
  /** How long all of it may take. Each property gets as much time as the others. */
  readonly seconds?: number | undefined;
  /** Goes straight to one value, as a failure reports it: for one property only. */
  readonly path?: string | undefined;
  /** Reports the first value that fails, without looking for a smaller one. */
  readonly endOnFailure?: boolean | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** How far a fuzz run is. */
export interface Progress {
  /** From 0 to 1. */
  readonly share: number;
  readonly runs: number;
  readonly failures: number;
  readonly target: string;
}

/** What a fuzz run has found, in plain values. */
export interface Figures {
  readonly seed: number;
  readonly seconds: number;
  readonly runs: number;
  readonly failures: number;
  readonly targets: readonly TargetFigures[];
}

export interface TargetFigures {
  readonly name: string;
  readonly runs: number;
  readonly properties: readonly PropertyFigures[];
}

export interface PropertyFigures {
  readonly name: string;
  readonly runs: number;
  /** How often each outcome was met. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly failure?: Failure;
}

/** A value for which a property does not hold, and how to make it again. */
export interface Failure {
  readonly seed: number;
  readonly path: string;
  readonly value: string;
  readonly error: string;
}

/** One property of a target, and what has become of it so far. */
interface Entry {
  readonly target: Target;
  readonly property: Property<unknown>;
  readonly outcomes: Map<string, number>;
  rounds: number;
  runs: number;
  spentMs: number;
  failure?: Failure;
}

/** So many runs have one seed; the next round of the same property has the next seed. */
const RUNS_PER_ROUND = 100;
/** For one run. A promise that never settles must not look like the end of the program. */
const TIMEOUT_MS = 60_000;

/** Fuzzes targets, all their properties in turn, until there were enough runs or the time is up. */
export async function fuzz(options: FuzzOptions): Promise<Figures> {
  const { targets, seed, runs = Number.POSITIVE_INFINITY, seconds = Number.POSITIVE_INFINITY } = options;
  const start = performance.now();
  const entries: Entry[] = targets.flatMap((target) =>
    target.properties.map((property) => ({ target, property, outcomes: new Map(), rounds: 0, runs: 0, spentMs: 0 })),
  );
  for (let entry = next(); entry !== undefined && elapsed() < seconds; entry = next()) {
    options.onProgress?.(progress(entry.target.name));
    await round(entry, Math.min(RUNS_PER_ROUND, runs - entry.runs), options);
  }
  options.onProgress?.({ ...progress(''), share: 1 });
  return figures(targets, entries, seed, elapsed());

  /** The one that has had the least time so far. */
  function next(): Entry | undefined {
    const open = entries.filter((entry) => entry.failure === undefined && entry.runs < runs);
    return open.toSorted((one, other) => one.spentMs - other.spentMs)[0];
  }

  function elapsed(): number {
    return (performance.now() - start) / 1000;
  }

  function progress(target: string): Progress {
    const total = sum(entries.map((entry) => entry.runs));
    const share = Math.max(elapsed() / seconds, total / (runs * entries.length));
    const failures = entries.filter(({ failure }) => failure !== undefined).length;
    return { share: Math.min(1, share), runs: total, failures, target };
  }
}

async function round(entry: Entry, numRuns: number, { seed, path, endOnFailure }: FuzzOptions): Promise<void> {
  const { target, property, outcomes } = entry;
  const start = performance.now();
  const holds = fc.asyncProperty(property.values, async (value) => {
    const outcome = await property.check(target.subject, value);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  });
  const details = await fc.check(holds, {
    seed: seed + entry.rounds,
    numRuns,
    timeout: TIMEOUT_MS,
    endOnFailure: endOnFailure === true,
    ...(path !== undefined && { path }),
  });
  entry.rounds += 1;
  entry.runs += details.numRuns;
  entry.spentMs += performance.now() - start;
  if (details.failed) {
    entry.failure = {
      seed: details.seed,
      path: `${details.counterexamplePath}`,
      value: fc.stringify(details.counterexample?.[0]),
      error: String(details.errorInstance),
    };
  }
}

function figures(targets: readonly Target[], entries: readonly Entry[], seed: number, seconds: number): Figures {
  const runs = sum(entries.map((entry) => entry.runs));
  const failures = entries.filter(({ failure }) => failure !== undefined).length;
  return { seed, seconds: Math.round(seconds), runs, failures, targets: targets.map(targetFigures) };

  function targetFigures(target: Target): TargetFigures {
    const own = entries.filter((entry) => entry.target === target);
    return { name: target.name, runs: sum(own.map((entry) => entry.runs)), properties: own.map(propertyFigures) };
  }
}

function propertyFigures({ property, runs, outcomes, failure }: Entry): PropertyFigures {
  const sorted = Object.fromEntries([...outcomes].toSorted(([, one], [, other]) => other - one));
  return { name: property.name, runs, outcomes: sorted, ...(failure && { failure }) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
