/*
 * What the packages have to show, as data. A target that is not met says so.
 */
import { OURS } from '../contestants/registry.ts';
import { lookUp, numberIn, type Results } from '../measuring/results.ts';
import { peersIn, quotient } from './peers.ts';

export interface Target {
  readonly name: string;
  readonly demand: Demand;
  /** `undefined`: not measured. */
  measured(results: Results): number | undefined;
  /** The same by processor time, which other processes disturb less; left out where that says nothing. */
  readonly byCpu?: (results: Results) => number | undefined;
}

export type Demand = { readonly atMost: number } | { readonly atLeast: number };

const CACHED = ['fast-jwt, one static key, cached', 'fast-jwt + get-jwks, cached'];
const MALFORMED = { noise: 'noise', parts: 'two parts', encoding: 'not base64url', json: 'not JSON' };
const FRAMEWORKS = { express: 'Express', koa: 'Koa', hono: 'Hono', fastify: 'Fastify', fetch: 'fetch' };
const MILLION = 1_000_000;

export const targets: readonly Target[] = [
  ...CACHED.map((peer): Target => {
    const speed = (column: string) => (results: Results) =>
      quotient(lookUp(results, { table: 'repeated', row: peer, column }), ours(results, 'repeated', column));
    return {
      name: `the same token again: speed ÷ that of ${peer}`,
      demand: { atLeast: 3 },
      measured: speed('wall'),
      byCpu: speed('cpu'),
    };
  }),
  {
    name: 'unique tokens, one at a time: time ÷ crypto.verify',
    demand: { atMost: 1.5 },
    measured: (results) => ours(results, 'unique-one', 'ratio'),
    byCpu: (results) => ours(results, 'unique-one', 'cpuRatio'),
  },
  {
    name: 'unique tokens, 64 in flight: throughput ÷ that of the best peer',
    demand: { atLeast: 1 },
    measured: (results) => quotient(1, numberIn(bestInFlight(results), 'throughputOfOurs')),
  },
  {
    name: 'unique tokens, 64 in flight: CPU ÷ that of the best peer',
    demand: { atMost: 0.7 },
    measured: (results) => quotient(1, numberIn(bestInFlight(results), 'cpuOfOurs')),
  },
  ...Object.entries(FRAMEWORKS).flatMap(([file, framework]): Target[] => {
    const table = `http-${file}`;
    const bestPeer = (results: Results) =>
      Math.max(...peersIn(results, table).map((row) => numberIn(row, 'ratio') ?? 0));
    const leastCpu = (results: Results) =>
      Math.min(...peersIn(results, table).map((row) => numberIn(row, 'cpuRatio') ?? Number.POSITIVE_INFINITY));
    return [
      {
        name: `HTTP, ${framework}: throughput ÷ without a guard`,
        demand: { atLeast: 0.95 },
        measured: (results) => ours(results, table, 'ratio'),
        byCpu: (results) => quotient(1, ours(results, table, 'cpuRatio')),
      },
      {
        name: `HTTP, ${framework}: that ÷ the same of the best peer`,
        demand: { atLeast: 1 },
        measured: (results) => quotient(ours(results, table, 'ratio'), bestPeer(results)),
        byCpu: (results) => quotient(leastCpu(results), ours(results, table, 'cpuRatio')),
      },
    ];
  }),
  ...Object.entries(MALFORMED).map(([flaw, words]) => refusal(flaw, `malformed (${words})`, 0.2)),
  refusal('forged', 'forged', 1.5),
  ...Object.entries({ used: 'memory in use', resident: 'the process' }).map(
    ([column, words]): Target => ({
      name: `a million unique tokens: growth of ${words}, MB`,
      demand: { atMost: 32 },
      measured: (results) =>
        ours(results, 'memory', 'tokens') === MILLION ? ours(results, 'memory', column) : undefined,
    }),
  ),
  ...Object.entries({ hitRatio: 'remembered', missRatio: 'new' }).map(
    ([column, words]): Target => ({
      name: `a million tokens in the cache: time of a ${words} one ÷ with a hundred`,
      demand: { atMost: 1.2 },
      measured: (results) => lookUp(results, { table: 'growth-cache', row: '1,000,000 tokens', column }),
      byCpu: (results) => lookUp(results, { table: 'growth-cache', row: '1,000,000 tokens', column: `${column}-cpu` }),
    }),
  ),
  {
    name: 'a hundred keys: time of a new token ÷ with two',
    demand: { atMost: 1.2 },
    measured: (results) => lookUp(results, { table: 'growth-keys', row: '100 keys', column: 'ratio' }),
    byCpu: (results) => lookUp(results, { table: 'growth-keys', row: '100 keys', column: 'ratio-cpu' }),
  },
];

function refusal(flaw: string, words: string, atMost: number): Target {
  return {
    name: `refused token, ${words}: time ÷ crypto.verify`,
    demand: { atMost },
    measured: (results) => ours(results, 'refusals', flaw),
    byCpu: (results) => ours(results, 'refusals', `${flaw}-cpu`),
  };
}

function ours(results: Results, table: string, column: string): number | undefined {
  return lookUp(results, { table, row: OURS, column });
}

function bestInFlight(results: Results) {
  return peersIn(results, 'unique-64').toSorted(
    (one, other) => (numberIn(other, 'throughputOfOurs') ?? 0) - (numberIn(one, 'throughputOfOurs') ?? 0),
  )[0];
}
