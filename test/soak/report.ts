import type { ServiceName } from './service-names.ts';
import type { HeapSample, Outcomes } from './tally.ts';
import type { Violation } from './violations.ts';

/** What a run has shown, as `--json` prints it. */
export interface SoakReport {
  readonly seconds: number;
  readonly seed: number;
  readonly node: string;
  readonly services: readonly ServiceReport[];
  readonly requests: number;
  readonly good: number;
  readonly accepted: number;
  /** Good requests that were refused within a documented window. */
  readonly excused: number;
  /** Requests, good or bad, that got 503 because the machine kept services and Google from running. None on a quiet one. */
  readonly stalled: number;
  readonly bad: number;
  readonly restarts: number;
  readonly violations: number;
  /** The first violations. */
  readonly examples: readonly Violation[];
}

export interface ServiceReport {
  readonly name: ServiceName;
  readonly requests: number;
  readonly good: number;
  readonly accepted: number;
  readonly excused: number;
  readonly stalled: number;
  /** Requests under way at a restart. */
  readonly lost: number;
  readonly outcomes: Outcomes;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly heap: readonly HeapSample[];
  readonly restarts: number;
  readonly keyRequests: number;
  readonly keyRequestLimit: number;
}

export function makeReport(
  run: Pick<SoakReport, 'seconds' | 'seed' | 'violations' | 'examples'>,
  services: readonly ServiceReport[],
): SoakReport {
  const total = (name: 'requests' | 'good' | 'accepted' | 'excused' | 'stalled' | 'lost' | 'restarts') =>
    services.reduce((sum, service) => sum + service[name], 0);
  return {
    seconds: run.seconds,
    seed: run.seed,
    node: process.version,
    services,
    requests: total('requests'),
    good: total('good'),
    accepted: total('accepted'),
    excused: total('excused'),
    stalled: total('stalled'),
    bad: total('requests') - total('good') - total('lost'),
    restarts: total('restarts'),
    violations: run.violations,
    examples: run.examples,
  };
}
