import { LRUCache } from 'lru-cache';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createGoogleIdTokenVerifier, serviceAccount } from '../../packages/core/src/index.ts';
import { createLru, type Lru } from '../../packages/core/src/lru.ts';
import { AUDIENCE, google, idToken, SENDER } from './fixtures.ts';

/** For how many values each cache has taken room that was made since the test began. */
const { made } = vi.hoisted(() => ({ made: [] as number[] }));

vi.mock(import('lru-cache'), async (importOriginal) => {
  const original = await importOriginal();
  class Counted extends original.LRUCache<object, object> {
    constructor(options: { max: number }) {
      super(options);
      made.push(options.max);
    }
  }
  return { ...original, LRUCache: Counted as unknown as typeof original.LRUCache };
});

beforeEach(() => {
  made.length = 0;
});

type Box = { readonly of: string };

function fill(lru: Lru<Box>, count: number): void {
  for (let index = 0; index < count; index += 1) {
    lru.set(`${index}`, { of: `${index}` });
  }
}

describe('a growing LRU cache', () => {
  test.each([
    [0, []],
    [1, [16]],
    [16, [16]],
    [17, [16, 128]],
    [128, [16, 128]],
    [129, [16, 128, 1000]],
    [5000, [16, 128, 1000]],
  ])('takes room for what is in it, of 1000 at most: for %d values %j', (count, expected) => {
    fill(createLru(1000), count);

    expect(made).toEqual(expected);
  });

  test.each([
    [1, [1]],
    [16, [16]],
    [20, [16, 20]],
    [1024, [16, 128, 1024]],
    [1_000_000, [16, 128, 1024, 1_000_000]],
  ])('of %d values moves no more than 1024 of them at once', (max, expected) => {
    fill(createLru(max), 1100);

    expect(made).toEqual(expected);
  });

  test('takes none for a value that takes the place of another one', () => {
    const lru = createLru<Box>(1000);
    fill(lru, 16);

    fill(lru, 16);
    lru.set('3', { of: 'another' });

    expect(made).toEqual([16]);
    expect(lru.get('3')).toEqual({ of: 'another' });
  });

  test.each([1, 2, 15, 16, 17, 100, 128, 129, 1000, 1024, 1500])(
    'of %d values forgets exactly what lru-cache forgets',
    (max) => {
      const [lru, reference] = [createLru<Box>(max), new LRUCache<string, Box>({ max })];
      let seed = max;
      const random = (below: number) => {
        seed = (seed * 48_271) % 2_147_483_647;
        return seed % below;
      };
      for (let step = 0; step < 20_000; step += 1) {
        const name = `${random(max + Math.ceil(max / 4) + 1)}`;
        switch (random(3)) {
          case 0:
            expect(lru.get(name)).toBe(reference.get(name));
            break;
          case 1:
            expect(lru.has(name)).toBe(reference.has(name));
            break;
          default: {
            const value = { of: name };
            lru.set(name, value);
            reference.set(name, value);
          }
        }
      }
    },
  );
});

describe('verifiers over one key set', () => {
  const keys = google.keySet();
  const create = (audience: string) =>
    createGoogleIdTokenVerifier({ audience, callers: serviceAccount(SENDER.email), keys });

  test('take no room until they accept a token, however many there are', async () => {
    const verifiers = Array.from({ length: 10_000 }, (_, index) => create(`https://tenant-${index}.example.com`));

    await expect(verifiers[0]?.verify(await idToken())).rejects.toMatchObject({ code: 'audience_mismatch' });

    expect(made).toEqual([]);
  });

  test('then take room for 16 tokens and 16 callers each', async () => {
    const token = await idToken();
    for (let index = 0; index < 50; index += 1) {
      await create(AUDIENCE).verify(token);
    }

    expect(made).toEqual(Array(100).fill(16));
  });

  test('and for as many as they may remember, in the end', async () => {
    const verifier = create(AUDIENCE);
    const tokens = await Promise.all(Array.from({ length: 200 }, (_, index) => idToken({ jti: `${index}` })));
    for (const token of tokens) {
      await verifier.verify(token);
    }

    // The callers are one.
    expect(made.toSorted((one, other) => one - other)).toEqual([16, 16, 128, 1000]);
  });
});
