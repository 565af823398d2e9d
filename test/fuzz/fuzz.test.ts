/*
 * A few seconds of what `npm run fuzz` does for as long as one likes, always with the same values; and the proof that
 * each property can fail.
 */
import { describe, expect, test } from 'vitest';
import { type FuzzOptions, fuzz, type PropertyFigures } from './fuzz.ts';
import type { Property, Target } from './target.ts';
import { targets } from './targets.ts';

const RUNS = 120;
/** How many runs a property gets to notice that something is wrong. */
const RUNS_WHEN_BROKEN = 2000;

describe.each(targets)('$name', (target) => {
  describe.each(target.properties)('$name', (property) => {
    test('holds, and has met what it speaks of', async () => {
      const { failure, outcomes } = await fuzzed(target, property, { runs: RUNS });

      expect(failure).toBeUndefined();
      expect(Object.keys(outcomes)).toEqual(expect.arrayContaining([...property.outcomes]));
    });

    test.each(Object.entries(property.broken))('does not hold for one that %s', async (_, subject) => {
      const options = { runs: RUNS_WHEN_BROKEN, endOnFailure: true };
      const { failure } = await fuzzed({ ...target, subject }, property, options);

      expect(failure).toMatchObject({ path: expect.stringMatching(/^\d/), error: expect.stringMatching(/\w/) });
    });

    test('has something broken to prove that it can fail', () => {
      expect(Object.keys(property.broken)).not.toEqual([]);
    });
  });
});

async function fuzzed(
  target: Target,
  property: Property<unknown>,
  options: Partial<FuzzOptions>,
): Promise<PropertyFigures> {
  const { targets } = await fuzz({ seed: 1, ...options, targets: [{ ...target, properties: [property] }] });
  return targets[0]?.properties[0] ?? expect.fail('There are figures for each property.');
}
