import { describe, expect, test } from 'vitest';
import { percentile } from '../commands/percentile.ts';
import { createRandom } from '../simulate-fleet/random.ts';
import { keyRequestLimit } from './key-request-limit.ts';
import { createLedger } from './ledger.ts';
import { makeSchedule } from './schedule.ts';
import { type HeapSample, heapViolations } from './tally.ts';

describe('the ledger', () => {
  function ledger() {
    const violations: string[] = [];
    return { violations, ...createLedger((text) => violations.push(text)) };
  }

  test('is content with a handler that ran once for each accepted request, whichever is heard of first', () => {
    const { violations, sent, handled, answered, close } = ledger();
    sent('a', 'fresh');
    handled('a');
    answered('a', 'accepted');
    sent('b', 'repeated');
    answered('b', 'accepted');
    handled('b');
    sent('c', 'expired');
    answered('c', 'refused');
    sent('d', 'fresh');
    handled('d');
    answered('d', 'lost');
    close();

    expect(violations).toEqual([]);
  });

  test('finds a handler that ran for a bad request, even if the answer was a refusal', () => {
    const { violations, sent, handled, answered } = ledger();
    sent('a', 'forged');
    handled('a');
    answered('a', 'refused');

    expect(violations).toEqual([
      'The handler ran for a bad request (forged).',
      'The handler ran for a request (forged) that was refused.',
    ]);
  });

  test('finds a handler that ran for a good request that was refused', () => {
    const { violations, sent, handled, answered } = ledger();
    sent('a', 'fresh');
    answered('a', 'refused');
    handled('a');

    expect(violations).toEqual(['The handler ran for a request (fresh) that was refused.']);
  });

  test('finds a handler that ran twice, and one that did not run', () => {
    const { violations, sent, handled, answered, close } = ledger();
    sent('a', 'fresh');
    handled('a');
    answered('a', 'accepted');
    handled('a');
    sent('b', 'fresh');
    answered('b', 'accepted');
    close();

    expect(violations).toEqual([
      'The handler ran twice for one request (a), or for one that was never sent.',
      'A request (fresh) was answered with 200 although no handler ran.',
    ]);
  });
});

describe('the heap', () => {
  const MiB = 2 ** 20;
  const samples = (...bytes: [life: number, mebibytes: number][]): HeapSample[] =>
    bytes.map(([life, mebibytes], at) => ({ life, at, bytes: mebibytes * MiB }));

  test('may move a little', () => {
    expect(heapViolations(samples([1, 20], [1, 23], [1, 21]))).toEqual([]);
  });

  test('may not grow within one process', () => {
    expect(heapViolations(samples([1, 20], [1, 24], [1, 29]))).toEqual(['The heap grew by 9.0 MiB.']);
  });

  test('begins anew with each process', () => {
    expect(heapViolations(samples([1, 20], [2, 30], [2, 31]))).toEqual([]);
  });
});

describe('the schedule', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(makeSchedule(600, 5, createRandom(1))).toEqual(makeSchedule(600, 5, createRandom(1)));
    expect(makeSchedule(600, 5, createRandom(1))).not.toEqual(makeSchedule(600, 5, createRandom(2)));
  });

  test.each([6, 30, 600])('has rotation, flood, outage, recovery, withdrawal and restarts in %d s', (seconds) => {
    const schedule = makeSchedule(seconds, 5, createRandom(1));
    const happenings = schedule.map(({ happening }) => happening);

    for (const happening of [
      { rotate: 'announced' },
      { rotate: 'surprise' },
      { rotate: 'withdrawal' },
      { flood: true },
      { fail: undefined },
    ]) {
      expect(happenings).toContainEqual(happening);
    }
    const restarted = happenings.flatMap((each) => ('restart' in each ? each.restart : []));
    expect(new Set(restarted.map(({ service }) => service))).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(new Set(restarted.map(({ withSnapshot }) => withSnapshot))).toEqual(new Set([true, false]));
    expect(schedule.every(({ at }) => at >= 0 && at < seconds)).toBe(true);
  });

  test('ten minutes have every way to fail, and restart services between a quarter and a half of the time', () => {
    const schedule = makeSchedule(600, 5, createRandom(1));
    const failures = schedule.map(({ happening }) => ('fail' in happening ? happening.fail : undefined));
    const restarts = schedule.filter(({ happening }) => 'restart' in happening);

    expect(new Set(failures)).toEqual(new Set(['error', 'hang', 'html', 'empty', 'reset', undefined]));
    expect(restarts.every(({ at }) => at >= 150 && at < 300)).toBe(true);
  });

  test('floods raise what a service may ask of Google by one fetch in 15 s', () => {
    const [quiet, flooded] = [[], [{ at: 0, happening: { flood: true } } as const]];

    // Ten seconds here are ten minutes of Google's: 40 fetches, and a bucket of 2.
    expect(keyRequestLimit(flooded, 10, 1) - keyRequestLimit(quiet, 10, 1)).toBe(42);
  });
});

test('the 99th percentile is what all but one in a hundred stay within', () => {
  const values = Array.from({ length: 200 }, (_, index) => index + 1);

  expect(percentile(values, 0.99)).toBe(198);
  expect(percentile([7], 0.99)).toBe(7);
  expect(percentile([], 0.99)).toBe(0);
});
