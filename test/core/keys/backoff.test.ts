import './unhandled-rejections.ts';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Backoff, createBackoff } from '../../../packages/core/src/keys/backoff.ts';

/** Fails so often, each time as soon as another attempt may be made; returns the waits in seconds. */
function failRepeatedly(backoff: Backoff, count: number): number[] {
  const waits: number[] = [];
  for (let now = 0; waits.length < count; now += (waits.at(-1) ?? 0) * 1000) {
    backoff.failed(now);
    waits.push(backoff.waitSeconds(now));
  }
  return waits;
}

function withChance(chance: number): void {
  vi.spyOn(Math, 'random').mockReturnValue(chance);
  onTestFinished(() => void vi.restoreAllMocks());
}

describe('the back-off', () => {
  test('lets the first attempt be made at once', () => {
    const backoff = createBackoff();

    expect(backoff.waitSeconds(0)).toBe(0);
    expect(backoff.failures).toBe(0);
  });

  test('is over with the first success', () => {
    const backoff = createBackoff();
    backoff.failed(0);
    expect(backoff.waitSeconds(0)).toBeGreaterThan(0);
    backoff.succeeded();

    expect(backoff.waitSeconds(0)).toBe(0);
    expect(backoff.failures).toBe(0);
  });

  test('doubles with every failure, and stays at one minute', () => {
    withChance(0);

    const waits = failRepeatedly(createBackoff(), 10);

    console.log(`waits after failures, at the longest: ${waits.join(', ')} s`);
    expect(waits).toEqual([1.25, 2.5, 5, 10, 20, 40, 60, 60, 60, 60]);
  });

  test('is up to a fifth shorter by chance, and never under one second', () => {
    withChance(1);

    const waits = failRepeatedly(createBackoff(), 8);

    console.log(`waits after failures, at the shortest: ${waits.join(', ')} s`);
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 48, 48]);
  });

  test('does not overflow after a thousand failures', () => {
    const waits = failRepeatedly(createBackoff(), 2000);

    expect(waits.every((wait) => wait >= 1 && wait <= 60)).toBe(true);
  });

  test('runs down with the clock', () => {
    withChance(0);
    const backoff = createBackoff();

    backoff.failed(10_000);

    expect([10_000, 10_250, 11_249, 11_250, 99_999].map((now) => backoff.waitSeconds(now))).toEqual(
      [1.25, 1, 0.001, 0, 0].map((seconds) => expect.closeTo(seconds, 6)),
    );
  });

  test('is gone after a success, and then begins anew', () => {
    withChance(0);
    const backoff = createBackoff();
    failRepeatedly(backoff, 5);

    backoff.succeeded();

    expect(backoff.failures).toBe(0);
    expect(backoff.waitSeconds(0)).toBe(0);
    expect(failRepeatedly(backoff, 2)).toEqual([1.25, 2.5]);
  });

  test('does not lock for longer when the clock jumps back', () => {
    const backoff = createBackoff();
    backoff.failed(3_600_000);

    expect(backoff.waitSeconds(0)).toBe(0);
  });
});
