import { describe, expect, test } from 'vitest';
import { forAbout, fresh, freshCopies, inFlight, oneByOne } from './loops.ts';
import { type Entrant, measure, ratio, sampleOf, without } from './measure.ts';
import { median, quantile } from './statistics.ts';

test('the median is the middle one; of two, the mean', () => {
  expect(median([5, 1, 9])).toBe(5);
  expect(median([1, 2, 30, 4])).toBe(3);
  expect(() => median([])).toThrow(RangeError);
});

test('a quantile lies between its neighbours', () => {
  expect(quantile([0, 10], 0.25)).toBe(2.5);
  expect(quantile([3, 1, 2], 1)).toBe(3);
});

test('a ratio is the median of the ratios of each round, so that a slow round counts once', () => {
  expect(ratio([2, 200, 6], [1, 100, 2])).toBe(2);
});

test('what a sample includes can be subtracted, round by round', () => {
  const whole = { name: 'whole', wall: [5, 7], cpu: [4, 4] };
  const part = { name: 'part', wall: [1, 2], cpu: [1, 1] };

  expect(without(whole, part)).toEqual({ name: 'whole', wall: [4, 5], cpu: [3, 3] });
});

test('what was not measured is not found', () => {
  expect(() => sampleOf([], 'nobody')).toThrow('Nothing was measured of nobody.');
});

test('all have their turn in each round, another one first, and the rounds that warm up are not counted', async () => {
  const turns: string[] = [];
  const entrant = (name: string): Entrant => ({
    name,
    prepare: (round) => () => {
      turns.push(`${name}${round}`);
      return 1;
    },
  });

  const samples = await measure([entrant('a'), entrant('b')], 3);

  expect(turns).toEqual(['a0', 'b0', 'b1', 'a1', 'a2', 'b2', 'b3', 'a3']);
  expect(samples.map(({ name, wall, cpu }) => [name, wall.length, cpu.length])).toEqual([
    ['a', 3, 3],
    ['b', 3, 3],
  ]);
});

describe('loops', () => {
  test('one by one waits for each', async () => {
    const seen: string[] = [];
    const lap = oneByOne(['a', 'b'], async (value) => {
      seen.push(`${value} begins`);
      await undefined;
      seen.push(`${value} ends`);
    });

    expect(await lap()).toBe(2);
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  test('in flight are as many as allowed, not more, until all are done', async () => {
    let now = 0;
    let most = 0;
    const lap = inFlight(3, [1, 2, 3, 4, 5, 6, 7], async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
    });

    expect(await lap()).toBe(7);
    expect({ now, most }).toEqual({ now: 0, most: 3 });
  });

  test('a failure ends the lap', async () => {
    const fail = () => Promise.reject(new Error('refused'));

    await expect(oneByOne([1], fail)()).rejects.toThrow('refused');
    await expect(inFlight(2, [1, 2, 3], fail)()).rejects.toThrow('refused');
    await expect(forAbout(1, fail)()).rejects.toThrow('refused');
  });

  test('a lap for a while counts what it has done', async () => {
    let count = 0;
    const lap = forAbout(0, () => {
      count += 1;
    });

    expect(await lap()).toBe(count);
    expect(count).toBeGreaterThan(0);
  });
});

test('fresh strings have the same characters', () => {
  expect(fresh(Buffer.from('abc.def'))).toBe('abc.def');
  expect(freshCopies(['abc', 'def'])).toEqual(['abc', 'def']);
});
