import { beforeAll, describe, expect, test } from 'vitest';
import type { Scenario } from './scenarios.ts';
import { type Result, simulate } from './simulate.ts';
import { type Strategy, strategies, tenMinutes, withoutStore, withStore } from './strategies.ts';
import { STEP, type Tally } from './tally.ts';

const OPTIONS = { isolates: 300, hours: 24, seed: 1 };

let results: readonly Result[];
beforeAll(async () => {
  results = await simulate(OPTIONS);
});

describe.each(['1 h outage', '3 h outage'])('300 isolates that live through a day with a %s', (name) => {
  test('get the same requests whatever their strategy', () => {
    const requests = new Set(strategies.map((strategy) => tallyOf(name, strategy).requests));

    expect(requests.size).toBe(1);
    expect(Math.max(...requests)).toBeGreaterThan(5_000);
  });

  test('refuse no good request when they share a store', () => {
    expect(tallyOf(name, withStore).refused).toBe(0);
  });

  test('refuse many good requests with a ten-minute cache, fewer without a store', () => {
    const [tenMinuteCache, noStore] = [tallyOf(name, tenMinutes), tallyOf(name, withoutStore)];

    expect(tenMinuteCache.refused).toBeGreaterThan(0.01 * tenMinuteCache.requests);
    expect(noStore.refused).toBeLessThan(tenMinuteCache.refused);
  });

  test('never lose keys that they have, where a ten-minute cache does', () => {
    expect(tallyOf(name, withoutStore).refusedByWarm).toBe(0);
    expect(tallyOf(name, tenMinutes).refusedByWarm).toBeGreaterThan(0);
  });

  test('refuse only while Google is down, and within one back-off after', () => {
    for (const strategy of [withoutStore, withStore]) {
      expect(refusedOutsideOutage(name, strategy)).toBe(0);
    }
  });

  test('need a tenth of the answers from Google when they share a store', () => {
    const [tenMinuteCache, noStore, store] = [tenMinutes, withoutStore, withStore].map((strategy) =>
      answersOf(tallyOf(name, strategy)),
    ) as [number, number, number];

    expect(store).toBeLessThan(noStore / 10);
    // Each isolate that finds Google up asks it at least once, and not often more than that.
    expect(noStore).toBeLessThan(1.5 * OPTIONS.isolates);
    expect(noStore).toBeLessThan(tenMinuteCache / 2);
  });

  test('ask a Google that is down less often than with a ten-minute cache', () => {
    const failed = (strategy: Strategy) => tallyOf(name, strategy).failedFetches;

    expect(failed(withStore)).toBeLessThan(failed(tenMinutes) / 1.5);
    expect(failed(withoutStore)).toBeLessThan(failed(tenMinutes) / 1.5);
  });

  test('wait less for keys than with a ten-minute cache, and least with a store', () => {
    const p99 = (strategy: Strategy) => tallyOf(name, strategy).p99Latency;

    expect(p99(withStore)).toBeLessThan(p99(withoutStore));
    expect(p99(withoutStore)).toBeLessThan(p99(tenMinutes));
    expect(tallyOf(name, withoutStore).meanLatency).toBeLessThan(tallyOf(name, tenMinutes).meanLatency);
  });
});

test('the same seed gives the same day, another seed another', async () => {
  const [again, other] = [await simulate(OPTIONS), await simulate({ ...OPTIONS, seed: 2 })];

  expect(again.map(({ tally }) => tally)).toStrictEqual(results.map(({ tally }) => tally));
  expect(other.map(({ tally }) => tally)).not.toStrictEqual(results.map(({ tally }) => tally));
});

function resultOf(name: string, strategy: Strategy): Result {
  const result = results.find((one) => one.scenario.name === name && one.strategy === strategy);
  return result as Result;
}

function tallyOf(name: string, strategy: Strategy): Tally {
  return resultOf(name, strategy).tally;
}

function answersOf({ fetches, failedFetches }: Tally): number {
  return fetches - failedFetches;
}

function refusedOutsideOutage(name: string, strategy: Strategy): number {
  const { scenario, tally } = resultOf(name, strategy);
  return tally.steps
    .filter((_, index) => !isAffected(scenario, index * STEP))
    .reduce((sum, { refused }) => sum + refused, 0);
}

/** Isolates wait a minute at most before they try again: the next step is the last that is affected. */
function isAffected({ outage }: Scenario, stepStart: number): boolean {
  return stepStart + STEP > outage.from && stepStart < outage.to + STEP;
}
