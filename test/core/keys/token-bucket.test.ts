import './unhandled-rejections.ts';
import { describe, expect, test } from 'vitest';
import { createTokenBucket, type TokenBucket } from '../../../packages/core/src/keys/token-bucket.ts';

const HOUR = 3_600_000;

function takeAll(bucket: TokenBucket, who: 'stranger' | 'familiar', now: number): number {
  let taken = 0;
  while (bucket.take(who, now)) {
    taken += 1;
  }
  return taken;
}

describe('the token bucket of unknown key ids', () => {
  test('gives familiar callers two fetches', () => {
    expect(takeAll(createTokenBucket(), 'familiar', 0)).toBe(2);
  });

  test('keeps the last fetch from strangers', () => {
    const bucket = createTokenBucket();

    expect(takeAll(bucket, 'stranger', 0)).toBe(1);
    expect(takeAll(bucket, 'familiar', 0)).toBe(1);
  });

  test('gives one more every 15 seconds, and never keeps more than two', () => {
    const bucket = createTokenBucket();
    takeAll(bucket, 'familiar', 0);

    expect(takeAll(bucket, 'familiar', 14_999)).toBe(0);
    expect(takeAll(bucket, 'familiar', 15_000)).toBe(1);
    expect(takeAll(bucket, 'familiar', 15_000 + HOUR)).toBe(2);
  });

  test('gives a flood of strangers 4 fetches a minute, and leaves one for a familiar caller at any time', () => {
    const bucket = createTokenBucket();
    let taken = 0;
    for (let now = 0; now < 60_000; now += 10) {
      taken += takeAll(bucket, 'stranger', now);
    }

    console.log(`6,000 attempts of strangers in a minute: ${taken} fetches`);
    expect(taken).toBe(4);
    expect(bucket.take('familiar', 60_000)).toBe(true);
  });

  test('gives back what found its key, up to two', () => {
    const bucket = createTokenBucket();
    bucket.take('stranger', 0);

    bucket.giveBack();
    bucket.giveBack();
    bucket.giveBack();

    expect(takeAll(bucket, 'familiar', 0)).toBe(2);
  });

  test('neither gains nor loses when the clock jumps back', () => {
    const bucket = createTokenBucket();
    bucket.take('stranger', HOUR);

    expect(takeAll(bucket, 'stranger', 0)).toBe(0);
    expect(takeAll(bucket, 'familiar', 0)).toBe(1);
    expect(takeAll(bucket, 'familiar', 15_000)).toBe(1);
  });

  test('is full, not more, after the clock has jumped ahead', () => {
    const bucket = createTokenBucket();
    takeAll(bucket, 'familiar', 0);

    expect(takeAll(bucket, 'familiar', 1000 * HOUR)).toBe(2);
  });
});
