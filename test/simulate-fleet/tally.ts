import { percentile } from '../commands/percentile.ts';

/** What is counted in one run. */
export interface Tally {
  readonly requests: number;
  readonly refused: number;
  /** Refused by isolates that had accepted a request before. */
  readonly refusedByWarm: number;
  readonly fetches: number;
  readonly failedFetches: number;
  /** How long accepted requests waited for their key, in milliseconds. */
  readonly meanLatency: number;
  readonly p99Latency: number;
  /** Accepted, but after more than a second. */
  readonly slow: number;
  /** The same in steps of five minutes, for charts. */
  readonly steps: readonly Step[];
}

export interface Step {
  requests: number;
  refused: number;
  fetches: number;
}

export const STEP = 300_000;

export interface Counter {
  /** In milliseconds since the start, or long. */
  answered(at: number, latency: number, accepted: boolean, isWarm: boolean): void;
  fetched(at: number, succeeded: boolean): void;
  tally(): Tally;
}

export function createCounter(duration: number): Counter {
  const steps = Array.from(
    { length: Math.ceil(duration / STEP) },
    (): Step => ({ requests: 0, refused: 0, fetches: 0 }),
  );
  const latencies: number[] = [];
  let refused = 0;
  let refusedByWarm = 0;
  let fetches = 0;
  let failedFetches = 0;

  /** The last step also takes what ends just after the time is up. */
  function stepAt(at: number): Step {
    return steps[Math.min(steps.length - 1, Math.floor(at / STEP))] as Step;
  }

  return {
    answered(at, latency, accepted, isWarm) {
      stepAt(at).requests += 1;
      if (accepted) {
        latencies.push(latency);
      } else {
        refused += 1;
        refusedByWarm += isWarm ? 1 : 0;
        stepAt(at).refused += 1;
      }
    },
    fetched(at, succeeded) {
      fetches += 1;
      failedFetches += succeeded ? 0 : 1;
      stepAt(at).fetches += 1;
    },
    tally: () => ({
      requests: latencies.length + refused,
      refused,
      refusedByWarm,
      fetches,
      failedFetches,
      meanLatency: latencies.reduce((sum, latency) => sum + latency, 0) / latencies.length,
      p99Latency: percentile(latencies, 0.99),
      slow: latencies.filter((latency) => latency > 1000).length,
      steps,
    }),
  };
}
