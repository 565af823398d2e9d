import { isJsonObject, own } from '../json.ts';
import { type UsableJwk, usableJwks } from './jwks.ts';
import { GOOGLE_JWKS_URL, type KeySetSnapshot } from './key-set.ts';

/** Keys with the time they were fetched: from Google, from a store, or from a snapshot. */
export interface DatedJwks {
  readonly jwks: readonly UsableJwk[];
  /** Milliseconds since the epoch. */
  readonly fetchedAt: number;
  readonly freshForSeconds: number;
}

const MAX_FRESH_SECONDS = 24 * 60 * 60;

export function writeSnapshot(url: string, dated: DatedJwks): KeySetSnapshot {
  return {
    version: 1,
    url,
    fetchedAt: dated.fetchedAt,
    freshForSeconds: dated.freshForSeconds,
    keys: dated.jwks.map((jwk) => ({ kty: 'RSA', ...jwk })),
  };
}

/**
 * Reads a snapshot that may have been anywhere: its keys are checked like an answer from the network, and its freshness
 * is held within the bounds that an answer would have got. Keys of a fake Google are none of the real one's.
 *
 * @returns `undefined` where it is not a snapshot of this URL with at least one usable key
 */
export function readSnapshot(url: string, value: unknown): DatedJwks | undefined {
  if (!isJsonObject(value) || own(value, 'version') !== 1 || own(value, 'url') !== url) {
    return undefined;
  }
  const [fetchedAt, freshForSeconds] = [own(value, 'fetchedAt'), own(value, 'freshForSeconds')];
  const jwks = usableJwks(value) ?? [];
  if (!isFiniteNumber(fetchedAt) || !isFiniteNumber(freshForSeconds) || jwks.length === 0 || isForged(url, jwks)) {
    return undefined;
  }
  return {
    jwks,
    fetchedAt,
    freshForSeconds: Math.min(MAX_FRESH_SECONDS, Math.max(0, freshForSeconds)),
  };
}

/** Whether keys of a fake Google go by the name of the real one, as where a test makes the real URL answer. */
export function isForged(url: string, jwks: readonly UsableJwk[]): boolean {
  return url === GOOGLE_JWKS_URL && jwks.some(({ fake }) => fake);
}

/** How far the clocks of a fleet may differ. */
export const MAX_SKEW_SECONDS = 60;

/**
 * Keys from the future are dated anew: within the tolerance they were fetched now; beyond it their age is unknown, and
 * they are just stale. Else they would be fresh for as long as somebody likes.
 */
export function notLater(dated: DatedJwks, now: number): DatedJwks {
  if (dated.fetchedAt <= now) {
    return dated;
  }
  const isCredible = dated.fetchedAt <= now + MAX_SKEW_SECONDS * 1000;
  return { ...dated, fetchedAt: isCredible ? now : now - dated.freshForSeconds * 1000 };
}

function isFiniteNumber(value: unknown): value is number {
  return Number.isFinite(value);
}
