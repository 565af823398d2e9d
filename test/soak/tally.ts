import { isGood, type Kind, type Outcome } from './kinds.ts';

/** The heap after garbage collection. A service that was started anew has another life. */
export interface HeapSample {
  readonly life: number;
  /** In seconds, from the start. */
  readonly at: number;
  readonly bytes: number;
}

/** How often each kind of request got each answer. */
export type Outcomes = Partial<Record<Kind, Partial<Record<Outcome, number>>>>;

/** What came of the requests to one service. */
export interface Tally {
  requests: number;
  /** Good requests that were answered. */
  good: number;
  accepted: number;
  /** Good requests that were refused within a documented window. */
  excused: number;
  /** Requests, good or bad, that got 503 because the machine kept the service and Google from running. */
  stalled: number;
  /** Requests under way when the service was stopped. */
  lost: number;
  /** What each kind of request got, how often. */
  readonly outcomes: Outcomes;
  /** In milliseconds on the wall, of all answers. */
  readonly latencies: number[];
  readonly heap: HeapSample[];
}

export function createTally(): Tally {
  return { requests: 0, good: 0, accepted: 0, excused: 0, stalled: 0, lost: 0, outcomes: {}, latencies: [], heap: [] };
}

export function count(tally: Tally, kind: Kind, outcome: Outcome | undefined, isAllowed: boolean): void {
  if (outcome !== undefined) {
    const outcomes = tally.outcomes[kind] ?? {};
    tally.outcomes[kind] = { ...outcomes, [outcome]: (outcomes[outcome] ?? 0) + 1 };
  }
  if (!isGood(kind)) {
    return;
  }
  tally.good += 1;
  tally.accepted += outcome === 'accepted' ? 1 : 0;
  tally.excused += outcome !== 'accepted' && isAllowed ? 1 : 0;
}

/** What one process may keep from its first sample to its last: a leak of a kilobyte a request is more in ten minutes. */
const MAY_GROW_BYTES = 8 * 1024 * 1024;

/** @returns a sentence for each life in which the memory grew */
export function heapViolations(samples: readonly HeapSample[]): string[] {
  return heapGrowths(samples)
    .filter((growth) => growth > MAY_GROW_BYTES)
    .map((growth) => `The heap grew by ${(growth / 2 ** 20).toFixed(1)} MiB.`);
}

/** By how many bytes the memory grew in each life. */
export function heapGrowths(samples: readonly HeapSample[]): number[] {
  const lives = new Set(samples.map(({ life }) => life));
  return [...lives].map((number) => {
    const life = samples.filter(({ life }) => life === number);
    return (life.at(-1)?.bytes ?? 0) - (life[0]?.bytes ?? 0);
  });
}
