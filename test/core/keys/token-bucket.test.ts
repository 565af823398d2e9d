import './unhandled-rejections.ts';
import { describe, expect, test } from 'vitest';
import { createTokenBucket, type TokenBucket } from '../../../packages/core/src/keys/token-bucket.ts';

const HOUR = 3_600_000;

function takeAll(bucket: TokenBucket, least: number, now: number): number {
  let taken = 0;
  while (bucket.waitSeconds(least, now) === 0) {
    bucket.take();
    taken += 1;
  }
  return taken;
}

describe('a token bucket of two, and one more every 15 seconds', () => {
  const create = () => createTokenBucket(2, 15);

  test('gives two at once', () => {
    expect(takeAll(create(), 1, 0)).toBe(2);
  });

  test('keeps the last one from whoever must leave one', () => {
    const bucket = create();

    expect(takeAll(bucket, 2, 0)).toBe(1);
    expect(takeAll(bucket, 1, 0)).toBe(1);
  });

  test('gives one more every 15 seconds, and never keeps more than two', () => {
    const bucket = create();
    takeAll(bucket, 1, 0);

    expect(takeAll(bucket, 1, 14_999)).toBe(0);
    expect(takeAll(bucket, 1, 15_000)).toBe(1);
    expect(takeAll(bucket, 1, 15_000 + HOUR)).toBe(2);
  });

  test('says how long it takes, and has one for whoever comes back then, whatever happened in between', () => {
    const bucket = create();
    takeAll(bucket, 1, 0);

    expect(bucket.waitSeconds(1, 0)).toBe(15);
    expect(bucket.waitSeconds(2, 0)).toBe(30);
    for (let now = 1; now < 15_000; now += 7) {
      expect(bucket.waitSeconds(1, now)).toBe((15_000 - now) / 1000);
    }
    expect(bucket.waitSeconds(1, 15_000)).toBe(0);
  });

  test('gives a flood 4 a minute, and keeps one at any time', () => {
    const bucket = create();
    let taken = 0;
    for (let now = 0; now < 60_000; now += 10) {
      taken += takeAll(bucket, 2, now);
    }

    console.log(`6,000 attempts of strangers in a minute: ${taken} fetches`);
    expect(taken).toBe(4);
    expect(bucket.waitSeconds(1, 60_000)).toBe(0);
  });

  test('takes back, up to two', () => {
    const bucket = create();
    bucket.take();

    bucket.giveBack();
    bucket.giveBack();
    bucket.giveBack();

    expect(takeAll(bucket, 1, 0)).toBe(2);
  });

  test('neither gains nor loses when the clock jumps back', () => {
    const bucket = create();
    expect(takeAll(bucket, 2, HOUR)).toBe(1);

    expect(takeAll(bucket, 2, 0)).toBe(0);
    expect(takeAll(bucket, 1, 0)).toBe(1);
    expect(takeAll(bucket, 1, 15_000)).toBe(1);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('is not broken for ever by a clock that says %d', (broken) => {
    const bucket = create();
    takeAll(bucket, 1, 0);
    bucket.waitSeconds(1, broken);

    takeAll(bucket, 1, 60_000);
    expect(bucket.waitSeconds(1, 60_000)).toBe(15);
  });

  test('is full, not more, after the clock has jumped ahead', () => {
    const bucket = create();
    takeAll(bucket, 1, 0);

    expect(takeAll(bucket, 1, 1000 * HOUR)).toBe(2);
  });
});
