import type { VerificationKey } from './keys/key-set.ts';
import { createLru } from './lru.ts';
import { runtime } from './runtime/current.ts';
import type { GoogleIdToken } from './token.ts';

/** A token whose signature has been verified, and the very key that did it. */
export interface CachedToken {
  readonly token: GoogleIdToken;
  readonly key: VerificationKey;
}

/**
 * Remembers verified tokens, least recently used first out.
 *
 * A hit spares parsing and signature, nothing else: time, audience, key and caller are checked again by the verifier.
 * Canonical by construction: `parse.ts` refuses every second spelling of a token.
 */
export interface TokenCache {
  get(token: string): CachedToken | undefined;
  set(token: string, cached: CachedToken): void;
}

interface Entry {
  readonly text: string;
  readonly cached: CachedToken;
}

/** @param size how many tokens; 0 remembers nothing */
export function createTokenCache(size: number): TokenCache {
  if (size === 0) {
    return { get: () => undefined, set: () => {} };
  }
  const entries = createLru<Entry>(size);
  return {
    get(token) {
      // Whoever calls without types may pass anything; parse.ts refuses it.
      const entry = typeof token === 'string' ? entries.get(nameOf(token)) : undefined;
      // The name is not the token: only one that is equal from end to end is the one that was verified.
      return entry !== undefined && entry.text === token ? entry.cached : undefined;
    },
    set(token, cached) {
      const text = runtime.copyOfAscii(token);
      entries.set(nameOf(text), { text, cached });
    },
  };
}

/** The end of a signature, 192 bits: as good as unique among tokens that Google signed, and quick to look up by. */
const NAME_LENGTH = 32;

function nameOf(token: string): string {
  return token.slice(-NAME_LENGTH);
}
