import { importKeys } from './jwks.ts';
import type { VerificationKey } from './key-set.ts';
import type { DatedJwks } from './snapshot.ts';

/** Where keys came from. */
export type KeysSource = 'google' | 'store' | 'snapshot';

/** Keys in use, and when they were fetched. Replaced as a whole, never changed. */
export interface LoadedKeys extends DatedJwks {
  readonly source: KeysSource;
  readonly keys: ReadonlyMap<string, VerificationKey>;
  /** From this age on, a request starts a refresh in the background. */
  readonly refreshAfterSeconds: number;
}

/** Makes keys of JWKs; a key that was loaded before stays the same object. */
export async function loadKeys(
  dated: DatedJwks,
  source: KeysSource,
  before: LoadedKeys | undefined,
): Promise<LoadedKeys> {
  const keys = await importKeys(dated.jwks, before?.keys);
  if (keys.size === 0) {
    throw new Error('This runtime can use none of the keys.');
  }
  // From 80 % of the lifetime, 5 % more or less by chance, so that a fleet does not refresh all at once.
  return { ...dated, source, keys, refreshAfterSeconds: dated.freshForSeconds * (0.75 + 0.1 * Math.random()) };
}

/**
 * Where keys are in their life: `fresh`, `due` for a refresh in the background, `stale` and in use while refreshes
 * fail, `expired` and not to be used.
 */
export type Phase = 'empty' | 'fresh' | 'due' | 'stale' | 'expired';

/** Whether keys are `fresh`: what `phaseOf()` says, for each token, and so without working out the rest. */
export function areFresh({ fetchedAt, refreshAfterSeconds }: LoadedKeys, now: number): boolean {
  return now >= fetchedAt && (now - fetchedAt) / 1000 < refreshAfterSeconds;
}

/** A clock that was further ahead than this when the keys came tells nothing about their age. */
const MAX_JUMP_SECONDS = 24 * 60 * 60;

export function phaseOf(keys: DatedJwks | undefined, now: number, maxStaleSeconds: number): Phase {
  if (keys === undefined) {
    return 'empty';
  }
  const { ageSeconds, freshForSeconds, usableForSeconds } = lifeOf(keys, now, maxStaleSeconds);
  // Written so that NaN, from a broken clock, is expired.
  if (!(usableForSeconds > 0) || ageSeconds < -MAX_JUMP_SECONDS) {
    return 'expired';
  }
  if (freshForSeconds <= 0) {
    return 'stale';
  }
  // A negative age: the clock jumped back since. One refresh dates the keys anew.
  return ageSeconds < 0 || ageSeconds >= refreshAfterSeconds(keys) ? 'due' : 'fresh';
}

function refreshAfterSeconds(keys: DatedJwks & Partial<LoadedKeys>): number {
  return keys.refreshAfterSeconds ?? keys.freshForSeconds;
}

/** How old keys are, and how long they are fresh and usable yet. In seconds, negative where that has passed. */
export interface KeysLife {
  readonly ageSeconds: number;
  readonly freshForSeconds: number;
  readonly usableForSeconds: number;
}

export function lifeOf(keys: DatedJwks, now: number, maxStaleSeconds: number): KeysLife {
  const age = (now - keys.fetchedAt) / 1000;
  const freshForSeconds = keys.freshForSeconds - age;
  return { ageSeconds: age, freshForSeconds, usableForSeconds: freshForSeconds + maxStaleSeconds };
}
