/*
 * What is kept of a long run: as much as its row in docs/figures.md says, and where it comes from.
 */
import type { Figures } from '../fuzz/fuzz.ts';
import type { ServiceReport, SoakReport } from '../soak/report.ts';
import { heapGrowths } from '../soak/tally.ts';

export interface Summaries {
  readonly fuzz: FuzzSummary;
  readonly soak: SoakSummary;
  readonly mutation: MutationSummary;
}

export interface FuzzSummary {
  readonly seconds: number;
  readonly seed: number;
  readonly runs: number;
  readonly failures: number;
  readonly targets: readonly { readonly name: string; readonly properties: number; readonly runs: number }[];
}

export interface SoakSummary {
  readonly seconds: number;
  readonly seed: number;
  /** Requests a second to each service. */
  readonly rate: number;
  readonly requests: number;
  readonly good: number;
  readonly accepted: number;
  readonly excused: number;
  readonly stalled: number;
  readonly bad: number;
  readonly restarts: number;
  readonly violations: number;
  readonly services: readonly SoakServiceSummary[];
}

interface SoakServiceSummary {
  readonly name: string;
  readonly requests: number;
  readonly p99Ms: number;
  /** Of the process whose heap has grown the most; below zero where each has shrunk. */
  readonly heapGrowthBytes: number;
  readonly keyRequests: number;
  readonly keyRequestLimit: number;
}

/** The counts of all mutants of core. */
export interface MutationSummary {
  readonly mutants: number;
  readonly killed: number;
  readonly timedOut: number;
  readonly survived: number;
  /** Not noticed by any test, with a written reason why none needs to. */
  readonly silenced: number;
  /** Of a hundred that are not silenced, how many were noticed. */
  readonly score: number;
  /** The same of all, the silenced ones too. */
  readonly strictScore: number;
}

export function summaryOfFuzz({ seconds, seed, runs, failures, targets }: Figures): FuzzSummary {
  return {
    seconds,
    seed,
    runs,
    failures,
    targets: targets.map((target) => ({ ...target, properties: target.properties.length })),
  };
}

export function summaryOfSoak(report: SoakReport, rate: number): SoakSummary {
  const { seconds, seed, requests, good, accepted, excused, stalled, bad, restarts, violations, services } = report;
  const counts = { requests, good, accepted, excused, stalled, bad, restarts, violations };
  return { seconds, seed, rate, ...counts, services: services.map(summaryOfService) };
}

function summaryOfService(service: ServiceReport): SoakServiceSummary {
  const { name, requests, p99Ms, heap, keyRequests, keyRequestLimit } = service;
  return {
    name,
    requests,
    p99Ms: Math.round(p99Ms * 10) / 10,
    heapGrowthBytes: Math.max(...heapGrowths(heap)),
    keyRequests,
    keyRequestLimit,
  };
}
