import './unhandled-rejections.ts';
import { describe, expect, test } from 'vitest';
import { createFetchRations, type FetchRations } from '../../../packages/core/src/keys/fetch-rations.ts';

type Who = 'stranger' | 'familiar';

/** How many fetches one verifier gets, asked over and over. */
function takeAll(rations: FetchRations, owner: object | undefined, who: Who, now = 0): number {
  let taken = 0;
  while (rations.take(owner, who, now) === 0) {
    taken += 1;
  }
  return taken;
}

const [strict, open] = [{}, {}];

describe('the fetches for unknown key ids', () => {
  test('are two in 30 s for each verifier, one of them for strangers', () => {
    const rations = createFetchRations();

    expect(takeAll(rations, open, 'stranger')).toBe(1);
    expect(takeAll(rations, open, 'familiar')).toBe(1);
    expect(rations.take(open, 'familiar', 0)).toBe(15);
    expect(rations.take(open, 'stranger', 0)).toBe(30);
  });

  test('of one verifier are not spent by another one', () => {
    const rations = createFetchRations();
    takeAll(rations, open, 'familiar');

    expect(takeAll(rations, strict, 'familiar')).toBe(2);
  });

  test('are shared by all who do not say who they are', () => {
    const rations = createFetchRations();

    expect(takeAll(rations, undefined, 'familiar')).toBe(2);
    expect(rations.take(undefined, 'familiar', 0)).toBe(15);
    expect(takeAll(rations, strict, 'familiar')).toBe(2);
  });

  test('are six at once and one in 5 s, however many verifiers ask', () => {
    const rations = createFetchRations();
    let taken = 0;
    for (let now = 0; now < 60_000; now += 10) {
      taken += rations.take({}, 'familiar', now) === 0 ? 1 : 0;
    }

    console.log(`6,000 verifiers in a minute: ${taken} fetches`);
    expect(taken).toBe(6 + 11);
    expect(rations.take({}, 'familiar', 59_990)).toBeCloseTo(0.01);
  });

  test('keep the last one of all from strangers, too', () => {
    const rations = createFetchRations();
    for (let each = 0; each < 100; each += 1) {
      rations.take({}, 'stranger', 0);
    }

    expect(rations.take({}, 'stranger', 0)).toBe(5);
    expect(rations.take({}, 'familiar', 0)).toBe(0);
  });

  test('cost nothing where one of the two is spent', () => {
    const rations = createFetchRations();
    for (let each = 0; each < 6; each += 1) {
      expect(rations.take({}, 'familiar', 0)).toBe(0);
    }
    expect(takeAll(rations, strict, 'familiar', 0)).toBe(0);

    expect(takeAll(rations, strict, 'familiar', 10_000)).toBe(2);
  });

  test('are given back to both', () => {
    const rations = createFetchRations();
    takeAll(rations, strict, 'familiar');
    for (let each = 0; each < 4; each += 1) {
      rations.take({}, 'familiar', 0);
    }
    expect(rations.take({}, 'familiar', 0)).toBe(5);

    rations.giveBack(strict);

    expect(rations.take(strict, 'familiar', 0)).toBe(0);
    expect(rations.take(strict, 'familiar', 0)).toBe(15);
    expect(rations.take({}, 'familiar', 0)).toBe(5);
  });
});
