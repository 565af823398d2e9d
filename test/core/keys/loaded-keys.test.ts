import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type LoadedKeys, loadKeys, type Phase, phaseOf } from '../../../packages/core/src/keys/loaded-keys.ts';
import { type DatedJwks, notLater } from '../../../packages/core/src/keys/snapshot.ts';
import { google } from './scene.ts';

const FETCHED_AT = 1_760_000_000_000;
const DAY = 24 * 3600;
const jwks = google.jwks.keys.map(({ kid, n, e }) => ({ kid, n, e }));
const dated: DatedJwks = { jwks, fetchedAt: FETCHED_AT, freshForSeconds: 1000 };

/** Due at 800 s, stale at 1000 s, expired at 1600 s. */
const loaded: LoadedKeys = { ...dated, source: 'google', keys: new Map(), refreshAfterSeconds: 800 };

describe('the phase of keys', () => {
  test.each<[ageSeconds: number, phase: Phase]>([
    [-DAY - 1, 'expired'],
    [-DAY, 'due'],
    [-1, 'due'],
    [0, 'fresh'],
    [799, 'fresh'],
    [800, 'due'],
    [999, 'due'],
    [1000, 'stale'],
    [1599, 'stale'],
    [1600, 'expired'],
    [Number.NaN, 'expired'],
  ])('at the age of %i s is %s', (ageSeconds, phase) => {
    expect(phaseOf(loaded, FETCHED_AT + ageSeconds * 1000, 600)).toBe(phase);
  });

  test('is empty where there are none', () => {
    expect(phaseOf(undefined, FETCHED_AT, 600)).toBe('empty');
  });
});

test.each([
  [0, 750],
  [1, 850],
])('a refresh is due at four fifths of the lifetime, a twentieth sooner or later by chance: %i', async (chance, at) => {
  vi.spyOn(Math, 'random').mockReturnValue(chance);
  onTestFinished(() => void vi.restoreAllMocks());

  const { refreshAfterSeconds } = await loadKeys(dated, 'google', undefined);

  expect(refreshAfterSeconds).toBeCloseTo(at);
});

test('keys of which the runtime takes none are a failure', async () => {
  vi.spyOn(crypto.subtle, 'importKey').mockRejectedValue(new Error('Not here.'));
  onTestFinished(() => void vi.restoreAllMocks());

  await expect(loadKeys(dated, 'google', undefined)).rejects.toThrow(
    new Error('This runtime can use none of the keys.'),
  );
});

test.each([
  ['a moment ago', -1, -1],
  ['now', 0, 0],
  ['within the tolerance of clocks: they were fetched now', 60, 0],
  ['in the future: they are just stale', 61, -1000],
])('keys are dated %s', (_, seconds, datedSeconds) => {
  const { fetchedAt } = notLater({ ...dated, fetchedAt: FETCHED_AT + seconds * 1000 }, FETCHED_AT);

  expect(fetchedAt).toBe(FETCHED_AT + datedSeconds * 1000);
});
