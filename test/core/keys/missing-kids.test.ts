import { expect, test } from 'vitest';
import { createMissingKids } from '../../../packages/core/src/keys/missing-kids.ts';

test('a key id that Google did not publish is remembered for 15 s', () => {
  const missing = createMissingKids();
  missing.add('a', 1000);

  expect(missing.has('b', 1000)).toBe(false);
  expect(missing.has('a', 1000)).toBe(true);
  expect(missing.has('a', 15_999)).toBe(true);
  expect(missing.has('a', 16_000)).toBe(false);
});

test('and not while the clock is before that, nor where it is broken', () => {
  const missing = createMissingKids();
  missing.add('a', 1000);

  expect(missing.has('a', 999)).toBe(false);
  expect(missing.has('a', Number.NaN)).toBe(false);
});

test('what is too old makes room, and what is not stays', () => {
  const missing = createMissingKids();
  missing.add('a', 0);
  missing.add('b', 10_000);

  missing.add('c', 15_000);

  // Were it still there, it would count again at a time before.
  expect(missing.has('a', 1)).toBe(false);
  expect(missing.has('b', 15_000)).toBe(true);
  expect(missing.has('c', 15_000)).toBe(true);
});
