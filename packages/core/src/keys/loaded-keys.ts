import type { VerificationKey } from '../keys.ts';
import { importKeys } from './jwks.ts';
import type { DatedJwks } from './snapshot.ts';

/** Keys in use, and when they were fetched. Replaced as a whole, never changed. */
export interface LoadedKeys extends DatedJwks {
  readonly keys: ReadonlyMap<string, VerificationKey>;
  /** From this age on, a request starts a refresh in the background. */
  readonly refreshAfterSeconds: number;
}

/** Makes keys of JWKs; a key that was loaded before stays the same object. */
export async function loadKeys(dated: DatedJwks, before: LoadedKeys | undefined): Promise<LoadedKeys> {
  const keys = await importKeys(dated.jwks, before?.keys);
  if (keys.size === 0) {
    throw new Error('This runtime can use none of the keys.');
  }
  // From 80 % of the lifetime, 5 % more or less by chance, so that a fleet does not refresh all at once.
  return { ...dated, keys, refreshAfterSeconds: dated.freshForSeconds * (0.75 + 0.1 * Math.random()) };
}

/**
 * Where keys are in their life: `fresh`, `due` for a refresh in the background, `stale` and in use while refreshes
 * fail, `expired` and not to be used.
 */
export type Phase = 'empty' | 'fresh' | 'due' | 'stale' | 'expired';

/** A clock that was further ahead than this when the keys came tells nothing about their age. */
const MAX_JUMP_SECONDS = 24 * 60 * 60;

export function phaseOf(loaded: LoadedKeys | undefined, now: number, maxStaleSeconds: number): Phase {
  if (loaded === undefined) {
    return 'empty';
  }
  const age = ageSeconds(loaded, now);
  if (age < -MAX_JUMP_SECONDS || age >= loaded.freshForSeconds + maxStaleSeconds) {
    return 'expired';
  }
  if (age >= loaded.freshForSeconds) {
    return 'stale';
  }
  // A negative age: the clock jumped back since. One refresh dates the keys anew.
  return age < 0 || age >= loaded.refreshAfterSeconds ? 'due' : 'fresh';
}

export function ageSeconds(loaded: LoadedKeys, now: number): number {
  return (now - loaded.fetchedAt) / 1000;
}
