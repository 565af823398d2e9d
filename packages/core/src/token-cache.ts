import { LRUCache } from 'lru-cache';
import type { VerificationKey } from './keys.ts';
import type { GoogleIdToken } from './token.ts';

/** A token whose signature has been verified, and the very key that did it. */
export interface CachedToken {
  readonly token: GoogleIdToken;
  readonly key: VerificationKey;
}

/**
 * Remembers verified tokens by the whole token string, least recently used first out.
 *
 * A hit spares parsing and signature, nothing else: time, audience, key and caller are checked again by the verifier.
 * Canonical by construction: `parse.ts` refuses every second spelling of a token.
 */
export interface TokenCache {
  get(token: string): CachedToken | undefined;
  set(token: string, cached: CachedToken): void;
  delete(token: string): void;
}

/** @param size how many tokens; 0 remembers nothing */
export function createTokenCache(size: number): TokenCache {
  if (size === 0) {
    return { get: () => undefined, set: () => {}, delete: () => {} };
  }
  const cache = new LRUCache<string, CachedToken>({ max: size });
  return {
    get: (token) => cache.get(token),
    set: (token, cached) => void cache.set(token, cached),
    delete: (token) => void cache.delete(token),
  };
}
