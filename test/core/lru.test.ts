/*
 * The two libraries behind caches, that of the build for edge runtimes too, do the same.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLru as createEdgeLru } from '../../packages/core/src/edge/lru.ts';
import { createLru } from '../../packages/core/src/lru.ts';

describe.each([
  ['on servers', createLru],
  ['on edge runtimes', createEdgeLru],
] as const)('a cache %s', (_name, create) => {
  test('forgets what was used least recently', () => {
    const cache = create<number>(2);
    cache.set('a', 1);
    cache.set('b', 2);
    cache.get('a');
    cache.set('c', 3);

    expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual([1, undefined, 3]);
  });

  test('does not take a question whether something is there for a use', () => {
    const cache = create<number>(2);
    cache.set('a', 1);
    cache.set('b', 2);
    expect(cache.has('a')).toBe(true);
    cache.set('c', 3);

    expect(['a', 'b', 'c'].map((key) => cache.has(key))).toEqual([false, true, true]);
  });

  test('takes any text for a key', () => {
    const cache = create<number>(3);
    cache.set('constructor', 1);

    expect(['constructor', '__proto__', 'toString', ''].map((key) => cache.get(key))).toEqual([
      1,
      undefined,
      undefined,
      undefined,
    ]);
    cache.set('__proto__', 2);
    expect(cache.get('__proto__')).toBe(2);
  });
});

test('whatever is done with them, both say the same', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd', '1', '__proto__');
  const steps = fc.array(fc.tuple(fc.constantFrom('get', 'has', 'set'), key));

  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), steps, (size, done) => {
      const [one, other] = [createLru<number>(size), createEdgeLru<number>(size)];
      const answers = (cache: typeof one) =>
        done.map(([step, name], index) =>
          step === 'set' ? void cache.set(name, index) : cache[step as 'get' | 'has'](name),
        );

      expect(answers(other)).toEqual(answers(one));
    }),
  );
});
